import { featureColumns } from '../engine/bar-line.js';
import type { IndicatorColumns } from '../engine/bar-line.js';
import type { Chunk } from '../events/market.js';
import type { Feature } from '../features/feature.js';

/** Columns kept per worker before the least recently used are dropped. */
const LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * Indicator columns that all configurations and windows of an experiment share: each is computed once over the whole of its bars, and a window that ends earlier
 * reads its beginning. A feature is a fold over the bars up to each one, so that beginning has the very bits that the shorter history gives.
 * Serves bars that are one chunk per symbol and timeframe and start where that chunk starts; runs compute all others themselves.
 */
export class IndicatorCache implements IndicatorColumns {
  readonly #wholes: readonly Chunk[];
  readonly #columns = new Map<string, Float64Array>();
  #bytes = 0;

  constructor(
    chunks: readonly Chunk[],
    readonly limitBytes: number = LIMIT_BYTES,
  ) {
    const bars = chunks.filter(({ kind }) => kind === 'bars');
    const isAlone = (chunk: Chunk): boolean =>
      bars.filter(other => other.symbol === chunk.symbol && other.timeframe === chunk.timeframe).length === 1;
    this.#wholes = bars.filter(isAlone);
  }

  columns(chunk: Chunk, feature: Feature): Float64Array | undefined {
    // Series may lie over one buffer of times: what comes to a worker from elsewhere has each content once.
    const isBeginning = ({ symbol, timeframe, ts, rows }: Chunk): boolean =>
      symbol === chunk.symbol &&
      timeframe === chunk.timeframe &&
      ts.buffer === chunk.ts.buffer &&
      ts.byteOffset === chunk.ts.byteOffset &&
      rows >= chunk.rows;
    const whole = this.#wholes.find(isBeginning);
    if (whole === undefined) return undefined;
    const key = `${whole.symbol} ${whole.timeframe ?? ''} ${feature.key}`;
    const column = this.#columns.get(key) ?? featureColumns(feature, whole);
    // Set anew, so that the map's order is that of last use.
    if (!this.#columns.delete(key)) this.#bytes += column.byteLength;
    this.#columns.set(key, column);
    for (const [old, { byteLength }] of this.#columns) {
      if (this.#bytes <= this.limitBytes || old === key) break;
      this.#columns.delete(old);
      this.#bytes -= byteLength;
    }
    return column;
  }
}
