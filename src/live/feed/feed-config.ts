import type { MarketKind } from '../../events/market.js';
import { HOUR, MINUTE, SECOND } from '../../time.js';

/** What the feed does against each way in which market data can mislead it. All are on; the tests switch one off at a time to show that the oracle notices. Nobody trades with one off. */
export interface FeedDefences {
  /** A bar that did not come is asked for before a later one is given. */
  readonly backfillBars: boolean;
  /** Impossible values and unlikely prices are kept aside. */
  readonly refuseHostile: boolean;
  /** Nothing is opened on data that is too old. */
  readonly ageGuard: boolean;
  /** A book that broke is opened anew. */
  readonly bookResync: boolean;
}

/** How a live feed judges, waits and repeats. Times are market milliseconds where not said otherwise. */
export interface FeedConfig {
  /** After a bar's close, how long its last message may take before the venue is asked for the bar. */
  readonly graceMs: number;
  /** How long the bars of one instant wait for those of the other symbols. */
  readonly slicePatienceMs: number;
  /** First pause after a failed or fruitless request, wall; it doubles up to the second. */
  readonly retryMs: number;
  readonly retryMostMs: number;
  /** Answers without a bar after which the venue is believed to have none. Failures do not count. */
  readonly absentAfter: number;
  /** A price above `priceBand` times the last one, or below its inverse, is not believed until a second source has it too. */
  readonly priceBand: number;
  /** How near two sources must be to confirm each other, as a fraction of the price. */
  readonly agreeWithin: number;
  /** How far ahead of market time an event may be. */
  readonly futureMs: number;
  /** Ticks older than this are no market data any more. */
  readonly pastMs: number;
  /** What this machine's clock and loop may be wrong by, wall; at a multiple of real time it is that much more of market time. */
  readonly wallSlackMs: number;
  /** Data is stale after so many expected intervals without anything new. */
  readonly staleIntervals: number;
  /** The longest usual time between two messages of a kind; of bars at most their length. */
  readonly expectedMs: Readonly<Partial<Record<MarketKind, number>>>;
  /** First pause before a stale channel is opened anew, wall; it doubles up to the second. */
  readonly resubscribeMs: number;
  readonly resubscribeMostMs: number;
  /** Rows of a kind that wait for the consumer before they are conflated. */
  readonly pendingRows: number;
  /** How often settled funding and open interest are asked for. */
  readonly fundingPollMs: number;
  readonly openInterestPollMs: number;
  /** Rows of one page of history, and requests for history under way at once. */
  readonly pageRows: number;
  readonly lanes: number;
  /** How often the same fault of the same channel is said. */
  readonly repeatSayingMs: number;
  readonly defences: FeedDefences;
}

/** Fit for a real venue. Bounds on age follow what liquid perpetuals send; raise `expectedMs` for quiet markets. */
export const DEFAULT_FEED: FeedConfig = {
  graceMs: 2 * SECOND,
  slicePatienceMs: 10 * SECOND,
  retryMs: 250,
  retryMostMs: 30 * SECOND,
  absentAfter: 5,
  priceBand: 2,
  agreeWithin: 0.1,
  futureMs: 5 * SECOND,
  pastMs: HOUR,
  wallSlackMs: 100,
  staleIntervals: 3,
  expectedMs: { bars: MINUTE, trades: MINUTE, quotes: 10 * SECOND, book: 10 * SECOND, mark: 5 * SECOND },
  resubscribeMs: SECOND,
  resubscribeMostMs: MINUTE,
  pendingRows: 65_536,
  fundingPollMs: 5 * MINUTE,
  openInterestPollMs: 5 * MINUTE,
  pageRows: 1_000,
  lanes: 4,
  repeatSayingMs: MINUTE,
  defences: { backfillBars: true, refuseHostile: true, ageGuard: true, bookResync: true },
};
