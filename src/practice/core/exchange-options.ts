import type { RunConfig, BarFillConfig } from '../../engine/run-config.js';
import type { Chunk } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import type { Timeframe } from '../../market/timeframe.js';

/** A symbol that the practice exchange offers. */
export interface PracticeInstrument {
  readonly instrument: Instrument;
  /** Base units. */
  readonly minQuantity: number;
  readonly maxQuantity: number;
}

/** What a practice exchange is made of. Everything but instruments and data has a default. */
export interface PracticeOptions {
  readonly instruments: readonly PracticeInstrument[];
  /** Bars of one timeframe for every instrument; funding and mark prices where there are any. Chunks of one kind and symbol in time order. */
  readonly chunks: readonly Chunk[];
  /** Market time at which it opens; the first bar's open when left out. */
  readonly start?: number;
  /** Timeframes of bars that are told besides the data's own; each a multiple of it. */
  readonly timeframes?: readonly Timeframe[];
  /** Spread around the path's price, bp: what is quoted, and what takers pay half of. Default 1. */
  readonly spreadBps?: number;
  /** What a level of the book holds on average, quote currency. Default 100,000. */
  readonly levelNotional?: number;
  /** Levels a side in updates of the book. Default 10. */
  readonly levels?: number;
  /** Public trades a bar; 4 or more, rounded up so that the turning points of the path are among them. Default 7. */
  readonly tradesPerBar?: number;
  /** Draws the sizes in the book. Default 1. */
  readonly seed?: number;
  /** Fractions of notional. Defaults 0.0002 and 0.0005. */
  readonly fees?: { readonly maker: number; readonly taker: number };
  /** Leverage of an account that has set none. Default 20. */
  readonly leverage?: number;
  /** Liquidation fee, a fraction of the notional closed. Default 0.0125. */
  readonly liquidationFee?: number;
  /** How orders match. The path is one that does not depend on an account, so that what is published is what is matched on. Default adaptive, through, a tenth of the volume. */
  readonly fills?: Omit<BarFillConfig, 'kind' | 'finer' | 'path'> & { readonly path: Exclude<BarFillConfig['path'], 'pessimistic'> };
  /** Slippage of takers; half of the spread when left out. */
  readonly slippage?: RunConfig['slippage'];
  /** Farthest that a limit price may be through the mark, a fraction. Default 0.05. */
  readonly priceBand?: number;
  /** Conditional orders have ids of their own and become plain orders when triggered, as at Binance; at Bybit they are one order throughout. Default true. */
  readonly conditionalSpace?: boolean;
  /** One order id in so many is beyond 2^53; 0 for none. Default 16. */
  readonly hugeIdEvery?: number;
  /** Orders at work that an account may have in a symbol. Default 200. */
  readonly maxOrders?: number;
}

/** Every option with its default. */
export type PracticeConfig = Required<Omit<PracticeOptions, 'instruments' | 'chunks' | 'start'>>;

export const practiceConfig = (options: PracticeOptions): PracticeConfig => ({
  timeframes: options.timeframes ?? [],
  spreadBps: options.spreadBps ?? 1,
  levelNotional: options.levelNotional ?? 100_000,
  levels: options.levels ?? 10,
  tradesPerBar: options.tradesPerBar ?? 7,
  seed: options.seed ?? 1,
  fees: options.fees ?? { maker: 0.0002, taker: 0.0005 },
  leverage: options.leverage ?? 20,
  liquidationFee: options.liquidationFee ?? 0.0125,
  fills: options.fills ?? { path: 'adaptive', limits: 'through', participation: 0.1 },
  slippage: options.slippage ?? { kind: 'half-spread', spreadBps: options.spreadBps ?? 1 },
  priceBand: options.priceBand ?? 0.05,
  conditionalSpace: options.conditionalSpace ?? true,
  hugeIdEvery: options.hugeIdEvery ?? 16,
  maxOrders: options.maxOrders ?? 200,
});
