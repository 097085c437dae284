import { sum } from '../numeric/sum.js';
import type { Vector } from '../numeric/vector.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { momentsOf } from './return-moments.js';

/**
 * Σ max(r − threshold, 0) ÷ Σ max(threshold − r, 0); `threshold` is per period. Infinity without losses, NaN for no returns or all equal to
 * the threshold. Source: Keating & Shadwick, A Universal Performance Measure, Journal of Performance Measurement 6 (2002).
 */
export const omegaRatio = (returns: Vector, threshold = 0): number => {
  const gains = new Float64Array(returns.length);
  const losses = new Float64Array(returns.length);
  for (let i = 0; i < returns.length; i++) {
    gains[i] = Math.max(returns[i]! - threshold, 0);
    losses[i] = Math.max(threshold - returns[i]!, 0);
  }
  return sum(gains) / sum(losses);
};

/** Gains ÷ losses over the return periods, threshold 0. */
export const omega: Metric = track => {
  if (track.returns.length === 0) return undefinedBecause('no returns');
  const { gains, losses } = momentsOf(track);
  return finiteOr(gains / losses, 'no return is negative');
};
