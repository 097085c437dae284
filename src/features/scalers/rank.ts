import { quantileOfSorted } from '../../statistics/quantile.js';
import type { RowScaler } from './affine.js';
import { columnSample } from './column-sample.js';

/** Quantiles kept of each column: steps of 1/256. */
const KNOTS = 257;

/** Ascending quantiles of each column, evenly spaced in probability; empty for a column without any value. */
export interface RankState {
  readonly kind: 'rank';
  readonly knots: readonly (readonly number[])[];
}

/** Keeps 257 quantiles of each column (all values when there are fewer), missing values left out. */
export const fitRank = (x: Float64Array, count: number, width: number): RankState => {
  const knots: number[][] = [];
  for (let k = 0; k < width; k++) {
    const sorted = columnSample(x, count, width, k).sort();
    const size = Math.min(KNOTS, sorted.length);
    knots.push(Array.from({ length: size }, (_, i) => quantileOfSorted(sorted, size === 1 ? 0 : i / (size - 1))));
  }
  return { kind: 'rank', knots };
};

/** First place of `from`…`to` whose value is not below `x`. */
const lowerBound = (values: Float64Array, from: number, to: number, x: number): number => {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Place of each number among the training sample, from −1 (the smallest or less) over 0 (the median) to 1 (the largest or more), linear between quantiles; a value
 * that fills several of them takes their middle. A column without variation gives 0.
 */
export const applyRank = ({ knots }: RankState): RowScaler => {
  const width = knots.length;
  const starts = new Int32Array(width + 1);
  for (let k = 0; k < width; k++) starts[k + 1] = starts[k]! + knots[k]!.length;
  const values = new Float64Array(starts[width]!);
  knots.forEach((column, k) => values.set(column, starts[k]));
  return (row, offset, out, outOffset) => {
    for (let k = 0; k < width; k++) {
      const x = row[offset + k]!;
      const from = starts[k]!;
      const to = starts[k + 1]!;
      let y = 0;
      if (x !== x) y = NaN;
      else if (to - from > 1 && values[from]! < values[to - 1]!) {
        const above = lowerBound(values, from, to, x);
        if (above === to) y = 1;
        else {
          let place = above - from;
          if (values[above] === x) {
            let last = above;
            while (last + 1 < to && values[last + 1] === x) last++;
            place = (above + last) / 2 - from;
          } else if (above > from) place -= (values[above]! - x) / (values[above]! - values[above - 1]!);
          y = (2 * place) / (to - from - 1) - 1;
        }
      }
      out[outOffset + k] = y;
    }
  };
};
