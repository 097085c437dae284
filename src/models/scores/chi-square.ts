import { normalCdf, normalDensity } from '../../statistics/normal.js';
import { usageError } from '../../errors.js';
import { binsOf } from './bins.js';
import type { FitTest } from './kolmogorov-smirnov.js';

/** Probability that a χ² variable of `freedom` degrees exceeds `x`: the finite sums of Abramowitz & Stegun (1964), 26.4.4 and 26.4.5. */
export const chiSquareTail = (x: number, freedom: number): number => {
  if (!(x > 0)) return 1;
  const root = Math.sqrt(x);
  const odd = freedom % 2 === 1;
  let term = odd ? root : 1;
  let total = odd ? 0 : 1;
  for (let r = odd ? 3 : 2; r <= freedom; r += 2) {
    if (odd) {
      total += term;
      term *= x / r;
    } else if (r < freedom) {
      term *= x / r;
      total += term;
    }
  }
  return odd ? 2 * (normalCdf(-root) + normalDensity(root) * total) : Math.exp(-x / 2) * total;
};

/**
 * Pearson's χ² test that values are uniform on [0, 1], over `bins` of equal width: sees any shape of the histogram, where Kolmogorov–Smirnov sees a shift best. Values must
 * be independent, and five or more to a bin expected. NaN is left out; p is NaN for none. Throws a usage error for fewer than two bins.
 * Source: K. Pearson, Philosophical Magazine 50 (1900).
 */
export const uniformityChiSquare = (values: Float64Array, bins = 10): FitTest => {
  if (!(Number.isInteger(bins) && bins >= 2)) throw usageError('bad-bins', `${bins} bins test nothing.`, 'Use 2 or more, such as 10.');
  const counts = new Float64Array(bins);
  for (const b of binsOf(values, { kind: 'equal-width', bins })) if (b >= 0) counts[b]!++;
  const n = counts.reduce((a, b) => a + b, 0);
  if (n === 0) return { statistic: NaN, p: NaN, count: 0 };
  const expected = n / bins;
  let statistic = 0;
  for (const c of counts) statistic += ((c - expected) * (c - expected)) / expected;
  return { statistic, p: chiSquareTail(statistic, bins - 1), count: n };
};
