import { rangeVolatility } from '../../costs/range-volatility.js';
import type { Chunk } from '../../events/market.js';

/** Finds the bar that holds a moment: volatility from its range (Parkinson 1980) and its volume in base units. Null where there is no bar or no volume. */
export type IntervalAt = (ts: number) => { readonly sigma: number; readonly volume: number } | null;

/** Bars of one symbol, each `length` ms long, as intervals. The bar whose open is at or before `ts` and whose close is after it holds `ts`. */
export const intervalBars = ({ rows, ts, columns }: Chunk, length: number): IntervalAt => {
  const [, high, low, , volume] = columns;
  return at => {
    let [begin, end] = [0, rows];
    while (begin < end) {
      const middle = (begin + end) >> 1;
      if (ts[middle]! <= at) begin = middle + 1;
      else end = middle;
    }
    const i = begin - 1;
    if (i < 0 || at >= ts[i]! + length) return null;
    const traded = volume?.[i] ?? NaN;
    return traded > 0 ? { sigma: rangeVolatility(high![i]!, low![i]!), volume: traded } : null;
  };
};
