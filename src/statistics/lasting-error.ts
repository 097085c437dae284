import type { Vector } from '../numeric/vector.js';
import { blockError } from './block-error.js';
import { mean } from './moments.js';

/** The most that one stretch of lags is taken to hand on to the next: beyond it a short sample's noise would decide. */
const MOST = 0.75;

/**
 * Standard error of the mean of values whose memory may outlast blocks of `block`, as the squares of returns remember their calm and wild
 * months: `blockError`, or more where the autocovariances do not die out within a block. Their sums over the first half block of lags and over
 * the second are S and q·S; they are taken to go on as q²·S, q³·S …, as they do in a GARCH(1,1) law, q at most 3/4: S ÷ (1 − q) in all. Each
 * autocovariance is first given back what taking off the sample's own mean took from it.
 * Source of the geometric decay: T. Bollerslev, On the Correlation Structure for the Generalized Autoregressive Conditional Heteroskedastic
 * Process, Journal of Time Series Analysis 9 (1988).
 */
export const lastingError = (values: Vector, block: number): number => {
  const n = values.length;
  const error = blockError(values, block);
  const half = Math.min(block >> 1, n >> 2);
  if (half < 1) return error;
  const centre = mean(values);
  const deviations = Float64Array.from(values, x => x - centre);
  const covariance = (lag: number): number => {
    let total = 0;
    for (let i = lag; i < n; i++) total += deviations[i]! * deviations[i - lag]!;
    return total / n + error * error;
  };
  let near = 0;
  let far = 0;
  for (let lag = 1; lag <= half; lag++) near += covariance(lag);
  for (let lag = half + 1; lag <= 2 * half; lag++) far += covariance(lag);
  const handed = near > 0 ? Math.min(Math.max(far / near, 0), MOST) : 0;
  const variance = (covariance(0) - error * error + (2 * near) / (1 - handed)) / n;
  return Math.max(error, Math.sqrt(Math.max(variance, 0)));
};
