import { computed, effect, signal } from '@preact/signals';
import type { AccountLine, AccountView, FactLine } from '../../api/accounts-api.js';
import type { JobView } from '../../api/research-api.js';
import { API_ROOT } from '../../api/routes.js';
import type { MarketTick, StreamMessage, StreamTopic } from '../../api/stream.js';
import { me } from './api.js';
import { place, queryWord } from './route.js';

/** `live`: messages come. `cut`: the browser tries again by itself; what is shown is old. */
export const connection = signal<'connecting' | 'live' | 'cut'>('connecting');
/** When the last message came, by this computer's clock. */
export const heardAt = signal(0);
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

const topics = computed<readonly StreamTopic[]>(() =>
  place.value.path === '/market' ? ['accounts', 'account', 'facts', 'jobs', 'market'] : ['accounts', 'account', 'facts', 'jobs'],
);

let source: EventSource | null = null;
const open = (address: string): void => {
  source?.close();
  connection.value = 'connecting';
  const opened = new EventSource(address);
  source = opened;
  const on = (event: StreamMessage['event'], take: (data: never) => void): void =>
    opened.addEventListener(event, message => {
      if (opened !== source) return;
      heardAt.value = Date.now();
      connection.value = 'live';
      take(JSON.parse((message as MessageEvent<string>).data) as never);
    });
  on('hello', () => undefined);
  on('accounts', (data: { accounts: readonly AccountLine[] }) => (accounts.value = data.accounts));
  on('account', (data: AccountView) => (account.value = data));
  on('market', (data: MarketTick) => (market.value = data));
  on('jobs', (data: { jobs: readonly JobView[] }) => (jobs.value = data.jobs));
  on('facts', ({ facts }: { facts: readonly FactLine[] }) => listeners.forEach(listener => listener(facts)));
  on('reset', () => epoch.value++);
  opened.onerror = () => {
    if (opened !== source) return;
    connection.value = 'cut';
    // The browser gives up on an answer that is no stream, such as that of a proxy or a server that is starting.
    if (opened.readyState === EventSource.CLOSED) setTimeout(() => opened === source && open(address), 2000);
  };
};

/** Keeps one stream open for what the page shows, while somebody is logged in. */
export const followStream = (): (() => void) =>
  effect(() => {
    if (me.value === null) {
      source?.close();
      source = null;
      return;
    }
    const words = new URLSearchParams({ topics: topics.value.join(',') });
    if (accountName.value !== null) words.set('account', accountName.value);
    if (symbolName.value !== null) words.set('symbol', symbolName.value);
    open(`${API_ROOT}/stream?${words.toString()}`);
  });
