import { quantileOfSorted } from '../../statistics/quantile.js';
import type { AffineState } from './affine.js';
import { columnSample } from './column-sample.js';

/** Interquartile range of the standard normal law: dividing by it gives a normal column a standard deviation of 1. */
const NORMAL_IQR = 1.3489795003921634;
/** Rows that quartiles are taken from, spread evenly over all: more would cost a sort and move them by less than a hundredth of the spread. */
const ROWS = 4096;
/** Widest of the central ranges that are tried when the quartiles coincide, as with a count that is mostly 0. */
const WIDER = [0.05, 0.01, 0] as const;
/** Ranges of the same shares under the standard normal law; the whole range counts as ±3. */
const NORMAL_RANGE = [3.2897072539029457, 4.652695748081682, 6] as const;

/**
 * Centre the median, spread the interquartile range ÷ 1.349 of each column (so a normal column has deviation 1), missing values left out: a tenth of wild values
 * moves neither. Where the quartiles coincide the spread is that of a wider range; a column that never varies has none.
 */
export const fitRobust = (x: Float64Array, count: number, width: number): AffineState => {
  const every = Math.max(1, Math.ceil(count / ROWS));
  const centre: number[] = [];
  const spread: number[] = [];
  for (let k = 0; k < width; k++) {
    const sorted = columnSample(x, count, width, k, every).sort();
    let scale = sorted.length > 0 ? (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / NORMAL_IQR : 0;
    for (let i = 0; i < WIDER.length && sorted.length > 0 && !(scale > 0); i++)
      scale = (quantileOfSorted(sorted, 1 - WIDER[i]!) - quantileOfSorted(sorted, WIDER[i]!)) / NORMAL_RANGE[i]!;
    centre.push(sorted.length > 0 ? quantileOfSorted(sorted, 0.5) : 0);
    spread.push(scale);
  }
  return { kind: 'robust', centre, spread };
};
