import { sum } from '../numeric/sum.js';
import type { Vector } from '../numeric/vector.js';
import { mean } from './moments.js';

/**
 * Sample autocovariance at `lag`, divisor n (which keeps the sequence positive semidefinite). NaN when `lag` ≥ n.
 * Source: Brockwell & Davis, Time Series: Theory and Methods, §7.2.
 */
export const autocovariance = (values: Vector, lag: number): number => {
  const n = values.length;
  if (lag >= n) return NaN;
  const centre = mean(values);
  const products = new Float64Array(n - lag);
  for (let i = 0; i < products.length; i++) products[i] = (values[i]! - centre) * (values[i + lag]! - centre);
  return sum(products) / n;
};

/** Autocovariance at `lag` ÷ variance: how far a value foretells the one `lag` later, −1 to 1. NaN for values that do not vary. */
export const autocorrelation = (values: Vector, lag: number): number => autocovariance(values, lag) / autocovariance(values, 0);
