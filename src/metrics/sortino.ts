import { sum } from '../numeric/sum.js';
import type { Vector } from '../numeric/vector.js';
import { mean } from '../statistics/moments.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { momentsOf } from './return-moments.js';

/** √ of the mean over ALL returns of min(r − target, 0)²: returns above the target count as zeros. Per period. */
export const downsideDeviation = (returns: Vector, target = 0): number => {
  const squares = new Float64Array(returns.length);
  for (let i = 0; i < returns.length; i++) {
    const short = returns[i]! - target;
    if (returns[i]! < target) squares[i] = short * short;
  }
  return Math.sqrt(sum(squares) / returns.length);
};

/**
 * (mean − target) ÷ downside deviation × √periodsPerYear; `target` is per period. NaN when no return is below the target.
 * Source: Sortino & Price, Performance Measurement in a Downside Risk Framework, Journal of Investing 3 (1994).
 */
export const sortinoRatio = (returns: Vector, periodsPerYear: number, target = 0): number => {
  return ratioOf(mean(returns) - target, downsideDeviation(returns, target), periodsPerYear);
};

const ratioOf = (excess: number, downside: number, periodsPerYear: number): number =>
  downside > 0 ? (excess / downside) * Math.sqrt(periodsPerYear) : NaN;

/** Annualised Sortino ratio with a target of 0. */
export const sortino: Metric = track => {
  if (track.returns.length < 2) return undefinedBecause('fewer than two returns');
  const { mean, downside } = momentsOf(track);
  return finiteOr(ratioOf(mean, downside, track.periodsPerYear), 'no return is negative');
};
