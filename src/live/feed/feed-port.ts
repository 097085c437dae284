import type { Chunk } from '../../events/market.js';
import type { Slab } from '../../events/feed.js';
import type { Symbol } from '../../market/instrument.js';
import type { BookView } from '../../market/order-book.js';
import type { Timeframe } from '../../market/timeframe.js';
import type { TransportEvent } from '../venue-transport.js';
import type { FeedCounters } from './feed-counters.js';

/**
 * A stretch of live market data. Unlike history, a row may have the very time of what was given before it, never an earlier one: what arrives late is given at the time of the newest row that was given. `to` is just
 * past the newest row, or past the close of the newest bars, so that the engine plays all of it.
 */
export interface LiveSlab extends Slab {
  /** Bars of symbols that came too late for their instant: their close is before what was given already, so that they are for warm-up and indicators and must not be played as if they were new. */
  readonly behind: readonly Chunk[];
}

/** Who takes what a feed gives. */
export interface FeedSink {
  /** The next stretch, in order. A promise says that the consumer is busy until it settles: ticks are conflated meanwhile, bars wait. */
  slab(slab: LiveSlab): void | Promise<void>;
  /** The last traded price, at once and whatever the consumer of slabs does. */
  readonly price?: (symbol: Symbol, price: number, ts: number) => void;
  readonly quote?: (symbol: Symbol, bid: number, ask: number, ts: number) => void;
  readonly mark?: (symbol: Symbol, price: number, ts: number) => void;
}

/** Live market data of a session: checked, in order, each thing once. */
export interface LiveFeed {
  /** Everything of the transport; what is no market data is passed over. */
  receive(event: TransportEvent): void;
  /** Subscribes and begins to watch. The transport is open. */
  start(): void;
  /** The closed bars before now, so many of each series, then live ones: resolves when they are at hand, given in one slab. Bars are given from here on. Throws what the venue refuses. */
  warm(bars: number): Promise<void>;
  /** The same from a time on, as after a restart: bars that open then or later. */
  resume(openTime: ReadonlyMap<Symbol, number> | number): Promise<void>;
  /** False while any channel of the symbol is stale or down, or its bars have fallen behind: no new exposure then. */
  tradable(symbol: Symbol): boolean;
  /** Last believed price; NaN before the first. */
  lastPrice(symbol: Symbol): number;
  /** Best bid and ask, or null where there is none that may be believed. */
  quote(symbol: Symbol): { readonly bid: number; readonly ask: number; readonly ts: number } | null;
  /** Null while the book is invalid or stale. */
  book(symbol: Symbol): BookView | null;
  /** What the venue expects for the next settlement; never part of the data that is given. */
  fundingEstimate(symbol: Symbol): { readonly rate: number; readonly nextAt: number } | null;
  /** Open time of the next bar to be given. */
  nextBar(symbol: Symbol, timeframe: Timeframe): number;
  readonly counters: Readonly<FeedCounters>;
  stop(): void;
}
