import type { Bar, Chunk } from '../events/market.js';
import type { Symbol } from '../market/instrument.js';
import { timeframeMs, type Timeframe } from '../market/timeframe.js';

/**
 * The bar at row `at` of a chunk: one object for a whole run of bars. Reading through to the columns costs less than copying eight numbers a
 * bar, of which a feature wants one or two. Whoever keeps it keeps a moving target.
 * Throws a TypeError for a chunk that is not of bars.
 */
export class ChunkBar implements Bar {
  readonly symbol: Symbol;
  readonly timeframe: Timeframe;
  at = 0;
  readonly #ts: Float64Array;
  readonly #open: Float64Array;
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  readonly #close: Float64Array;
  readonly #volume: Float64Array;
  readonly #length: number;

  constructor({ kind, symbol, timeframe, ts, columns }: Chunk) {
    const [open, high, low, close, volume] = columns;
    if (kind !== 'bars' || timeframe === undefined || !open || !high || !low || !close || !volume)
      throw new TypeError(`features are computed over bars; this chunk of ${symbol} holds ${kind}`);
    this.symbol = symbol;
    this.timeframe = timeframe;
    this.#ts = ts;
    this.#open = open;
    this.#high = high;
    this.#low = low;
    this.#close = close;
    this.#volume = volume;
    this.#length = timeframeMs(timeframe);
  }

  get openTime(): number {
    return this.#ts[this.at]!;
  }
  get ts(): number {
    return this.#ts[this.at]! + this.#length;
  }
  get open(): number {
    return this.#open[this.at]!;
  }
  get high(): number {
    return this.#high[this.at]!;
  }
  get low(): number {
    return this.#low[this.at]!;
  }
  get close(): number {
    return this.#close[this.at]!;
  }
  get volume(): number {
    return this.#volume[this.at]!;
  }
}
