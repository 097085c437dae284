import { sum } from '../numeric/sum.js';
import type { Vector } from '../numeric/vector.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/**
 * Σ max(r − threshold, 0) ÷ Σ max(threshold − r, 0); `threshold` is per period. Infinity without losses, NaN for no returns or all equal to
 * the threshold. Source: Keating & Shadwick, A Universal Performance Measure, Journal of Performance Measurement 6 (2002).
 */
export const omegaRatio = (returns: Vector, threshold = 0): number =>
  sum(Float64Array.from(returns, r => Math.max(r - threshold, 0))) / sum(Float64Array.from(returns, r => Math.max(threshold - r, 0)));

/** Gains ÷ losses over the return periods, threshold 0. */
export const omega: Metric = ({ returns }) =>
  returns.length === 0 ? undefinedBecause('no returns') : finiteOr(omegaRatio(returns), 'no return is negative');
