import { effect } from '@preact/signals';
import { money } from '../parts/figures.js';
import { now } from '../state/now.js';
import { place } from '../state/route.js';
import { account } from '../state/stream.js';
import { TABS } from '../tabs.js';

/** The browser tab says what one wants to know without opening it: the state when it is not ACTIVE, equity, and the page. Once a second. */
export const followTitle = (): (() => void) =>
  effect(() => {
    void now.value;
    const page = TABS.find(({ path }) => path === place.value.path)?.title ?? 'Overview';
    const it = account.peek();
    const state = it === null ? '' : !it.running ? 'stopped · ' : it.risk === 'ACTIVE' ? '' : `${it.risk} · `;
    const equity = it?.equity === undefined || it.equity === null ? '' : `${money(it.equity)} · `;
    document.title = `${state}${equity}${page} · QuantAI-Trad`;
  });
