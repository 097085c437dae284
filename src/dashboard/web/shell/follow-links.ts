import { goTo } from '../state/route.js';
import { TABS } from '../tabs.js';

/** Clicks on links to our own pages change the page without loading it again; with a modifier key, or a target, they are the browser's. */
export const followLinks = (): (() => void) => {
  const onClick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (!TABS.some(({ path }) => path === link.pathname)) return;
    if (link.hash !== '' && link.pathname === location.pathname) return;
    event.preventDefault();
    goTo(link.pathname, Object.fromEntries(new URL(link.href).searchParams));
  };
  document.addEventListener('click', onClick);
  return () => document.removeEventListener('click', onClick);
};
