import { signal } from '@preact/signals';
import { goTo } from '../state/route.js';
import { askHalt } from './halt.js';
import { shownTabs } from './shown-tabs.js';

export const shortcutsOpen = signal(false);
export const askShortcuts = (): void => {
  shortcutsOpen.value = true;
};

/** How long `g` waits for its second key. */
const PATIENCE_MS = 1200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input,textarea,select,dialog') !== null);

/** `g` and a letter go to a page, Shift+H asks to halt, `?` shows all keys. Not while somebody types. */
export const followKeys = (): (() => void) => {
  let goingSince = 0;
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const wasGoing = event.timeStamp - goingSince < PATIENCE_MS;
    goingSince = 0;
    if (event.key === 'H') askHalt();
    else if (event.key === '?') askShortcuts();
    else if (wasGoing) {
      const tab = shownTabs.value.find(({ key }) => key === event.key);
      if (tab === undefined) return;
      goTo(tab.path);
    } else if (event.key === 'g') goingSince = event.timeStamp;
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
};
