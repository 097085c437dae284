import { KIND_COLUMNS } from '../../events/market.js';
import type { Series } from '../series.js';
import { medianOf } from './check.js';

/** A series as stretches from `start` to `start + step`, with the price at both ends. Prices without bars become stretches between them. */
export interface Stretches {
  readonly rows: number;
  readonly step: number;
  readonly start: Float64Array;
  readonly open: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array | undefined;
}

/** Bars as they are; mark and index prices as stretches from each to the next. `step` is the median distance of the rows. */
export const stretchesOf = (series: Series): Stretches => {
  const { ts, rows } = series;
  const steps = new Float64Array(Math.max(0, Math.min(rows, 5_000) - 1));
  for (let i = 0; i < steps.length; i++) steps[i] = (ts[i + 1] ?? NaN) - (ts[i] ?? NaN);
  const step = medianOf(steps);
  const names: readonly string[] = KIND_COLUMNS[series.kind];
  const column = (name: string): Float64Array => series.columns[names.indexOf(name)] ?? new Float64Array(rows);
  if (series.kind === 'bars')
    return { rows, step, start: ts.subarray(0, rows), open: column('open'), close: column('close'), volume: column('volume') };
  const price = column('price');
  const open = new Float64Array(rows).fill(NaN);
  for (let i = 1; i < rows; i++) if ((ts[i] ?? NaN) - (ts[i - 1] ?? NaN) === step) open[i] = price[i - 1] ?? NaN;
  return { rows, step, start: ts.slice(0, rows).map(t => t - step), open, close: price, volume: undefined };
};

/** Index of the stretch that starts at `t`, or −1. */
const indexAt = (side: Stretches, t: number): number => {
  let low = 0;
  let high = side.rows - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = side.start[middle] ?? NaN;
    if (found === t) return middle;
    if (found < t) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
};

export interface Pairing {
  readonly coarse: Stretches;
  readonly fine: Stretches;
  /** +1 when the file under test is the coarser: its times plus the shift are those of the good one. */
  readonly sign: number;
}

/** First and last stretch of the finer side that make up one of the coarser; undefined when either is missing. */
export const window = ({ coarse, fine, sign }: Pairing, i: number, shift: number): readonly [number, number] | undefined => {
  const from = (coarse.start[i] ?? NaN) + sign * shift;
  const first = indexAt(fine, from);
  if (first < 0) return undefined;
  const last = coarse.step === fine.step ? first : indexAt(fine, from + coarse.step - fine.step);
  return last < first ? undefined : [first, last];
};

interface Correlation {
  readonly r: number;
  readonly n: number;
}

/** Pearson's correlation of log returns over the stretches [from, to) of the coarser side. */
export const correlate = (pairing: Pairing, from: number, to: number, shift: number): Correlation => {
  const { coarse, fine } = pairing;
  let n = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let syy = 0;
  let sxy = 0;
  for (let i = from; i < to; i++) {
    const found = window(pairing, i, shift);
    if (!found) continue;
    const x = Math.log((coarse.close[i] ?? NaN) / (coarse.open[i] ?? NaN));
    const y = Math.log((fine.close[found[1]] ?? NaN) / (fine.open[found[0]] ?? NaN));
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    n++;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const denominator = Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  return { r: denominator > 0 ? (n * sxy - sx * sy) / denominator : NaN, n };
};
