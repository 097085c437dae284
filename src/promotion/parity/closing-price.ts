import type { Chunk } from '../../events/market.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { MarketPrice } from './filled-groups.js';

/** Place of the last time that is not after a moment; −1 before the first. */
const lastAt = (times: readonly number[], ts: number): number => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= ts) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/** A price by symbol and moment from ascending points: the last one known then; NaN before the first, and where it is older than `longest` ms. */
const lastPoint = (points: ReadonlyMap<string, { readonly ts: number[]; readonly price: number[] }>, longest: number): MarketPrice => {
  return (symbol, ts) => {
    const series = points.get(symbol);
    if (series === undefined) return NaN;
    const at = lastAt(series.ts, ts);
    return at < 0 || ts - series.ts[at]! > longest ? NaN : series.price[at]!;
  };
};

const gathered = (chunks: readonly Chunk[], priceOf: (chunk: Chunk, row: number) => readonly [number, number]) => {
  const points = new Map<string, { ts: number[]; price: number[] }>();
  for (const chunk of chunks) {
    const series = points.get(chunk.symbol) ?? { ts: [], price: [] };
    for (let row = 0; row < chunk.rows; row++) {
      const [ts, price] = priceOf(chunk, row);
      if (!(price > 0)) continue;
      series.ts.push(ts);
      series.price.push(price);
    }
    points.set(chunk.symbol, series);
  }
  return points;
};

/** Close of the last bar of a timeframe that had closed by a moment; NaN before the first. */
export const closingPrice = (chunks: readonly Chunk[], timeframe: string): MarketPrice => {
  const ms = timeframeMs(timeframe);
  const bars = chunks.filter(chunk => chunk.kind === 'bars' && chunk.timeframe === timeframe);
  return lastPoint(
    gathered(bars, (chunk, row) => [chunk.ts[row]! + ms, chunk.columns[3]![row]!]),
    Infinity,
  );
};

/** Middle of the last quote, or the last trade where a symbol has no quotes, not older than `longest` ms; NaN where neither is known. A session's own trades may be among the latter. */
export const quotedPrice = (chunks: readonly Chunk[], longest: number): MarketPrice => {
  const quotes = lastPoint(
    gathered(
      chunks.filter(chunk => chunk.kind === 'quotes'),
      (chunk, row) => [chunk.ts[row]!, (chunk.columns[0]![row]! + chunk.columns[2]![row]!) / 2],
    ),
    longest,
  );
  const trades = lastPoint(
    gathered(
      chunks.filter(chunk => chunk.kind === 'trades'),
      (chunk, row) => [chunk.ts[row]!, chunk.columns[0]![row]!],
    ),
    longest,
  );
  return (symbol, ts) => {
    const quoted = quotes(symbol, ts);
    return Number.isNaN(quoted) ? trades(symbol, ts) : quoted;
  };
};
