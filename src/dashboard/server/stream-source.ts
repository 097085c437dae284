import type { AccountLine, AccountView, FactLine } from '../api/accounts-api.js';
import type { JobView } from '../api/research-api.js';
import type { MarketTick } from '../api/stream.js';

/** Whole views, by topic: the newest is all that counts. */
export interface StreamViews {
  readonly accounts: { readonly accounts: readonly AccountLine[] };
  readonly account: AccountView;
  readonly market: MarketTick;
  readonly jobs: { readonly jobs: readonly JobView[] };
}
export type ViewTopic = keyof StreamViews;

/** Whose view is watched. `accounts` and `jobs` look at neither; a market without a symbol is the session's first. */
export interface ViewSubject {
  readonly account: string | null;
  readonly symbol: string | null;
}

/** What a journal says next: facts of whole commits in its order, or that it is not the journal that the position was of. After a reset it goes on behind what that journal held then. */
export type FactBatch = { readonly facts: readonly FactLine[] } | { readonly reset: string };

/** Where the streams of the pages come from. One source serves all streams; it looks at files and sessions only while somebody watches. */
export interface StreamSource {
  /** Position of an account's last committed fact, 0 where it has none. Throws `unknown-account`. */
  readonly lastPosition: (account: string) => Promise<number>;
  /**
   * Facts behind a position, then those to come, until the signal is aborted (it ends then and throws nothing). It is asked for the next batch only when the one before has been sent: who reads slowly is behind, and
   * costs no memory. A batch is at most a few hundred facts, but never less than a whole commit.
   */
  readonly facts: (account: string, after: number, signal: AbortSignal) => AsyncIterable<FactBatch>;
  /** Hands over a view as soon as it is known, then whenever it changes, at most 20 a second. Gives back how to stop; a view that cannot be made is not handed over. */
  readonly watch: <T extends ViewTopic>(topic: T, of: ViewSubject, onView: (view: StreamViews[T]) => void) => () => void;
}
