import type { Vector } from '../numeric/vector.js';
import { autocovariance } from './autocorrelation.js';

/**
 * Standard error of the mean of values that remember up to `lag` steps back: autocovariances weighted 1 − k ÷ (lag + 1), so that the variance is never negative; times
 * n ÷ (n − 1), so that lag 0 is the usual error. NaN for fewer than two values. Source: Newey & West, A Simple, Positive Semi-Definite,
 * Heteroskedasticity and Autocorrelation Consistent Covariance Matrix, Econometrica 55 (1987).
 */
export const neweyWestError = (values: Vector, lag: number): number => {
  const n = values.length;
  if (n < 2) return NaN;
  let longRun = autocovariance(values, 0);
  for (let k = 1; k <= Math.min(lag, n - 1); k++) longRun += 2 * (1 - k / (lag + 1)) * autocovariance(values, k);
  return Math.sqrt(Math.max(0, longRun) / (n - 1));
};
