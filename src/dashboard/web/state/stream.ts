import { batch, computed, effect, signal } from '@preact/signals';
import type { AccountLine, AccountView, FactLine } from '../../api/accounts-api.js';
import type { JobView } from '../../api/research-api.js';
import { API_ROOT } from '../../api/routes.js';
import type { MarketTick, StreamMessage, StreamTopic } from '../../api/stream.js';
import { call, me } from './api.js';
import { freshFacts } from './fresh-facts.js';
import { place, queryWord } from './route.js';

/** `live`: messages come. `cut`: it is tried again; what is shown is old. */
export const connection = signal<'connecting' | 'live' | 'cut'>('connecting');
/** When the last message came, by this computer's clock. */
export const heardAt = signal(0);
/** When the way to the server was cut; 0 while it is not. */
export const cutAt = signal(0);
export const accounts = signal<readonly AccountLine[] | null>(null);
export const account = signal<AccountView | null>(null);
export const market = signal<MarketTick | null>(null);
export const jobs = signal<readonly JobView[] | null>(null);

/** The account that the pages show: that of the address, else the first that runs. */
const named = queryWord('account');
export const accountName = computed(
  () => named.value ?? accounts.value?.find(({ running }) => running)?.account ?? accounts.value?.[0]?.account ?? null,
);
/** The symbol that the market page shows. */
export const symbolName = queryWord('symbol');

type Listener = (facts: readonly FactLine[]) => void;
const listeners = new Set<Listener>();

/** Hears every later fact of the account once, in the order of the journal. Gives back how to stop. */
export const onFacts = (listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
/** Told when the journal is another one, and everything has to be loaded again. */
export const epoch = signal(0);
/** Grows when the stream is back after a cut: what was asked meanwhile may have been refused. */
export const reconnects = signal(0);
/** Grows when facts are heard from a position on and not from one that was heard before: what was loaded earlier may end before it. */
export const begun = signal(0);

const isMarket = computed(() => place.value.path === '/market');
const topics = computed(() => {
  const always: readonly StreamTopic[] = ['accounts', 'account', 'facts', 'jobs'];
  return (isMarket.value ? [...always, 'market'] : always).join(',');
});

/** Views are shown at most this often; in a page that nobody sees, for its title, once a second. */
const PACE_MS = 40;
const waiting = new Map<string, () => void>();
const paced = (event: string, show: () => void, alive: () => void): void => {
  if (waiting.size === 0)
    setTimeout(
      () =>
        batch(() => {
          const shows = [...waiting.values()];
          waiting.clear();
          alive();
          shows.forEach(each => each());
        }),
      document.hidden ? 1000 : PACE_MS,
    );
  waiting.set(event, show);
};

const RETRY_MS = 1500;
let source: EventSource | null = null;
/** Account and position of the last fact that listeners heard; null before the first `hello`. */
let heard: { readonly account: string | null; position: number } | null = null;
/** The journal has become another one, and the stream of that has not begun. */
let isOther = false;

const addressOf = (asked: string, name: string | null): string =>
  `${API_ROOT}/stream?${asked}${heard !== null && heard.account === name ? `&after=${heard.position}` : ''}`;

const open = (asked: string, name: string | null): void => {
  source?.close();
  waiting.clear();
  if (connection.peek() === 'live') heardAt.value = Date.now();
  const opened = new EventSource(addressOf(asked, name));
  source = opened;
  const again = (): void => {
    if (opened === source) open(asked, name);
  };
  const alive = (): void => {
    // What waited to be shown may be shown after the stream it came by was cut.
    if (opened !== source || opened.readyState !== EventSource.OPEN) return;
    heardAt.value = Date.now();
    if (connection.peek() === 'cut') reconnects.value++;
    connection.value = 'live';
    cutAt.value = 0;
  };
  const read = <T>(message: Event): T => JSON.parse((message as MessageEvent<string>).data) as T;
  /** Whole views: the newest counts, and one that is overtaken is not even read. */
  const view = <T>(event: StreamMessage['event'], kept: { value: T }, of: (data: never) => T): void =>
    opened.addEventListener(event, message => {
      if (opened === source) paced(event, () => (kept.value = of(read(message))), alive);
    });
  const on = (event: StreamMessage['event'], take: (data: never) => void): void =>
    opened.addEventListener(event, message => {
      if (opened !== source) return;
      batch(() => {
        alive();
        take(read(message));
      });
    });
  on('hello', ({ after }: { after: number }) => {
    if (heard !== null && heard.account === name) return;
    heard = { account: name, position: after };
    if (isOther) epoch.value++;
    else begun.value++;
    isOther = false;
  });
  view('accounts', accounts, (data: { accounts: readonly AccountLine[] }) => data.accounts);
  view('account', account, (data: AccountView) => data);
  view('market', market, (data: MarketTick) => data);
  view('jobs', jobs, (data: { jobs: readonly JobView[] }) => data.jobs);
  on('facts', ({ facts }: { facts: readonly FactLine[] }) => {
    const fresh = freshFacts(facts, heard?.position ?? 0);
    if (fresh.length === 0) return;
    heard = { account: name, position: fresh.at(-1)!.position };
    listeners.forEach(listener => listener(fresh));
  });
  on('reset', () => {
    heard = null;
    isOther = true;
    again();
  });
  opened.onerror = () => {
    if (opened !== source) return;
    if (connection.peek() !== 'cut') cutAt.value = Date.now();
    connection.value = 'cut';
    // The browser tries again by itself after a cut, but gives up on an answer that is no stream, such as that of a server that is starting or a login that has ended.
    if (opened.readyState !== EventSource.CLOSED) return;
    void call('me.show').then(
      () => undefined,
      () => undefined,
    );
    setTimeout(again, RETRY_MS);
  };
};

/** Keeps one stream open for what the page shows, while somebody is logged in. */
export const followStream = (): (() => void) =>
  effect(() => {
    const name = accountName.value;
    if (me.value === null) {
      source?.close();
      source = null;
      heard = null;
      return;
    }
    const words = new URLSearchParams({ topics: topics.value });
    if (name !== null) words.set('account', name);
    if (isMarket.value && symbolName.value !== null) words.set('symbol', symbolName.value);
    if (account.peek()?.account !== name) account.value = null;
    market.value = null;
    open(words.toString(), name);
  });
