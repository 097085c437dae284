import { useEffect, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { call, me } from './state/api.js';
import { place } from './state/route.js';
import { followStream } from './state/stream.js';
import { TABS } from './tabs.js';

export const App = () => {
  const [Page, setPage] = useState<{ readonly component: ComponentType } | null>(null);
  const tab = TABS.find(({ path }) => path === place.value.path) ?? TABS[0]!;
  useEffect(() => {
    void call('me.show').then(
      answer => (me.value = answer),
      () => undefined,
    );
    return followStream();
  }, []);
  useEffect(() => {
    void tab.load().then(({ default: component }) => setPage({ component }));
  }, [tab]);
  return (
    <>
      <nav>
        {TABS.map(({ path, title }) => (
          <a href={path}>{title}</a>
        ))}
      </nav>
      <main>{Page === null ? null : <Page.component />}</main>
    </>
  );
};
