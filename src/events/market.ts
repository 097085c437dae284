import type { Symbol } from '../market/instrument.js';
import type { BookView } from '../market/order-book.js';
import type { Timeframe } from '../market/timeframe.js';

/** Kinds of market data, in their order within one instant (law 1). */
export type MarketKind = 'universe' | 'index' | 'mark' | 'book' | 'quotes' | 'trades' | 'funding' | 'open-interest' | 'bars';

/**
 * Value columns of a chunk of each kind, after its `ts` column. Units: prices in quote currency, quantities in base units,
 * rates as fractions per interval, intervals in milliseconds.
 *
 * `ts` is the bar's OPEN for bars and the time it happened for everything else. `side` is +1 when the taker bought and −1 when it sold
 * (trades) or +1 bid and −1 ask (book). `listed` is 1 while a symbol is a member of the universe and 0 from its delisting on.
 * `settledMark` is the mark price that the venue settled funding at, NaN where the source does not say.
 */
export const KIND_COLUMNS = {
  universe: ['listed'],
  index: ['price'],
  mark: ['price'],
  book: ['side', 'price', 'quantity', 'snapshot', 'firstId', 'lastId', 'previousId'],
  quotes: ['bid', 'bidSize', 'ask', 'askSize'],
  trades: ['price', 'quantity', 'side'],
  funding: ['rate', 'interval'],
  'open-interest': ['value'],
  bars: ['open', 'high', 'low', 'close', 'volume'],
} as const satisfies Record<MarketKind, readonly string[]>;

/** Place of each kind within an instant: universe membership first, bars last. */
export const PHASE = {
  universe: 1,
  index: 2,
  mark: 3,
  book: 4,
  quotes: 5,
  trades: 6,
  funding: 7,
  'open-interest': 8,
  bars: 9,
} as const satisfies Record<MarketKind, number>;

/**
 * Rows of one kind of one symbol, by column, ascending in `ts`. Columns follow `KIND_COLUMNS[kind]`.
 * Arrays may be longer than `rows`; only the first `rows` elements count. They may sit on a SharedArrayBuffer.
 */
export interface Chunk {
  readonly kind: MarketKind;
  readonly symbol: Symbol;
  /** Bars only. */
  readonly timeframe?: Timeframe;
  readonly rows: number;
  readonly ts: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** One completed bar. `ts` is its close: the moment at which it can be known. Missing volume is NaN. */
export interface Bar {
  readonly symbol: Symbol;
  readonly timeframe: Timeframe;
  readonly openTime: number;
  readonly ts: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A funding rate settled at `ts`: longs pay `rate` × notional to shorts. `interval` is the hours' length in milliseconds. */
export interface FundingRate {
  readonly symbol: Symbol;
  readonly ts: number;
  readonly rate: number;
  readonly interval: number;
}

/** A price that is not traded at: mark or index. */
export interface ReferencePrice {
  readonly symbol: Symbol;
  readonly ts: number;
  readonly price: number;
}

/** One public trade; `side` is +1 when the taker bought. */
export interface Trade {
  readonly symbol: Symbol;
  readonly ts: number;
  readonly price: number;
  readonly quantity: number;
  readonly side: number;
}

/** Best bid and ask. */
export interface Quote {
  readonly symbol: Symbol;
  readonly ts: number;
  readonly bid: number;
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
}

/** An order book changed at `ts`. Prices of the book are in ticks and sizes in lots of the symbol's instrument. */
export interface BookUpdate {
  readonly symbol: Symbol;
  readonly ts: number;
  readonly book: BookView;
}

/** Every market fact of one instant is out: which symbols of the universe have a bar in it and which do not. */
export interface Slice {
  readonly ts: number;
  /** Bars of this instant by symbol, in symbol order. */
  readonly bars: ReadonlyMap<Symbol, Bar>;
  readonly missing: readonly Symbol[];
}
