import type { ComponentType } from 'preact';
import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import { ErrorNote } from '../parts/error-note.js';
import { Loading } from '../parts/loading.js';
import type { Refused } from '../parts/refused.js';
import { refusalOf } from '../state/api.js';
import type { Tab } from '../tabs.js';

const Guarded = ({ component: Page }: { readonly component: ComponentType }) => {
  const [error, again] = useErrorBoundary();
  return error === undefined ? (
    <Page />
  ) : (
    <ErrorNote
      error={{ message: `This page has a defect: ${refusalOf(error).message}`, fix: 'The rest of the dashboard works on.' }}
      retry={again}
    />
  );
};

/** The page of a tab, loaded when it is opened first. The old page stays until the new one is there. */
export const Outlet = ({ tab }: { readonly tab: Tab }) => {
  const [page, setPage] = useState<{ readonly component: ComponentType; readonly path: string } | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    setRefused(null);
    const load = async (): Promise<void> => {
      try {
        const { default: component } = await tab.load();
        if (!gone) setPage({ component, path: tab.path });
      } catch {
        // After an update the server no longer has the file that this page would load.
        if (!gone) setRefused({ message: 'This page could not be loaded.', fix: 'If the server was updated, load the dashboard again.' });
      }
    };
    void load();
    return () => {
      gone = true;
    };
  }, [tab, turn]);
  if (refused !== null) return <ErrorNote error={refused} retry={() => setTurn(turn + 1)} />;
  return page === null ? <Loading height={320} /> : <Guarded key={page.path} component={page.component} />;
};
