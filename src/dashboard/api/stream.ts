import type { AccountLine, AccountView, FactLine, MarketView } from './accounts-api.js';
import type { JobView } from './research-api.js';

/**
 * The stream: `GET /api/v1/stream?account=main&topics=facts,account,market,jobs&symbol=BTC/USDT:USDT&after=1234` as server-sent events.
 *
 * - `hello` comes first, and again never; its `after` is the position that facts go on from, and its id says the same unless a `reset` follows.
 * - Event `facts` has the id `<account>:<position>` of its last fact. A browser that was cut off comes back with `Last-Event-ID` and gets every later fact once; facts come in the order of the journal, whole commits.
 * - The others are whole views, not changes: after a cut the next one is all that is needed. They have no id. At most 20 a second each, the newest counts.
 * - `reset` says that the id is not of this journal (another account, another file): load again.
 */
export type StreamTopic = 'facts' | 'account' | 'market' | 'jobs' | 'accounts';

export type StreamMessage =
  | { readonly event: 'hello'; readonly data: { readonly account: string | null; readonly after: number; readonly version: string } }
  | { readonly event: 'facts'; readonly data: { readonly facts: readonly FactLine[] } }
  | { readonly event: 'account'; readonly data: AccountView }
  | { readonly event: 'accounts'; readonly data: { readonly accounts: readonly AccountLine[] } }
  | { readonly event: 'market'; readonly data: MarketTick }
  | { readonly event: 'jobs'; readonly data: { readonly jobs: readonly JobView[] } }
  | { readonly event: 'reset'; readonly data: { readonly code: string } };

/** A market without its history: the newest bars (the last one may be open), quote and book. */
export type MarketTick = Omit<MarketView, 'fills' | 'funding'>;
