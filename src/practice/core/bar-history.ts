import { barStart } from '../../market/timeframe.js';
import type { BarPoints } from './bar-points.js';
import type { PriceView } from './price-view.js';
import { rowsBy } from './rows.js';
import type { SymbolState } from './symbol-state.js';

/** Open time, open, high, low, close, volume. */
type HistoryBar = readonly [number, number, number, number, number, number];

/** Bars of any timeframe as they are at a moment: what has not happened yet is in none. */
export interface BarHistory {
  /** The bar that holds the row's open, up to `now`. Null when nothing of it has happened. */
  bar(row: number, ms: number, now: number): HistoryBar | null;
  between(ms: number, from: number, to: number, now: number, limit: number, newest: boolean): readonly HistoryBar[];
}

const START = 0;
const FIRST = 1;
const COUNTED = 2;
const HIGH = 3;
const LOW = 4;
const CLOSE = 5;
const VOLUME = 6;

export const barHistory = (state: SymbolState, points: BarPoints, prices: PriceView): BarHistory => {
  const { bars, barMs } = state;
  const [open, high, low, close, volume] = bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

  /** By length: the bar asked for last, as far as its rows are complete. Time only goes forward, so what is complete stays so. */
  const sums = new Map<number, Float64Array>();
  const sumFor = (ms: number, start: number, row: number): Float64Array => {
    const sum = sums.get(ms) ?? new Float64Array(7);
    sums.set(ms, sum);
    if (sum[START] === start && sum[COUNTED]! > 0) return sum;
    let first = row;
    while (first > 0 && bars.ts[first - 1]! >= start) first--;
    sum[START] = start;
    sum[FIRST] = first;
    sum[COUNTED] = 0;
    sum[HIGH] = -Infinity;
    sum[LOW] = Infinity;
    sum[CLOSE] = NaN;
    sum[VOLUME] = 0;
    return sum;
  };

  const bar = (row: number, ms: number, now: number): HistoryBar | null => {
    const start = barStart(bars.ts[row]!, ms);
    const sum = sumFor(ms, start, row);
    const first = sum[FIRST]!;
    if (!(bars.ts[first]! < now)) return null;
    let at = first + sum[COUNTED]!;
    for (; at < bars.rows && bars.ts[at]! < start + ms && bars.ts[at]! + barMs <= now; at++) {
      sum[COUNTED]!++;
      sum[HIGH] = Math.max(sum[HIGH]!, high[at]!);
      sum[LOW] = Math.min(sum[LOW]!, low[at]!);
      sum[CLOSE] = close[at]!;
      sum[VOLUME]! += volume[at]!;
    }
    let h = sum[HIGH]!;
    let l = sum[LOW]!;
    let c = sum[CLOSE]!;
    let v = sum[VOLUME]!;
    if (at < bars.rows && bars.ts[at]! < start + ms && bars.ts[at]! < now) {
      const passed = points.passed(at, now);
      for (let k = 0; k < passed; k++) {
        h = Math.max(h, points.price[k]!);
        l = Math.min(l, points.price[k]!);
        c = points.price[k]!;
        v += points.quantity[k]!;
      }
    }
    return [start, open[first]!, h, l, c, v];
  };

  return {
    bar,
    between: (ms, from, to, now, limit, newest) => {
      const found: HistoryBar[] = [];
      const last = prices.row(now);
      if (newest) {
        let row = Math.min(last, rowsBy(bars, to + ms) - 1);
        while (row >= 0 && found.length < limit) {
          const start = barStart(bars.ts[row]!, ms);
          if (start < from) break;
          const known = start <= to ? bar(row, ms, now) : null;
          if (known !== null) found.push(known);
          while (row >= 0 && bars.ts[row]! >= start) row--;
        }
        return found.reverse();
      }
      let row = rowsBy(bars, from - 1);
      while (row > 0 && barStart(bars.ts[row - 1]!, ms) >= from) row--;
      while (row <= last && found.length < limit) {
        const start = barStart(bars.ts[row]!, ms);
        if (start > to) break;
        const known = start >= from ? bar(row, ms, now) : null;
        if (known !== null) found.push(known);
        while (row <= last && bars.ts[row]! < start + ms) row++;
      }
      return found;
    },
  };
};
