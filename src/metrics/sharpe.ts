import type { Vector } from '../numeric/vector.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { momentsOf } from './return-moments.js';

/** A return is a quotient of two equities, rounded to about 1e-16: a deviation below this is rounding, not risk. */
export const ROUNDING = 1e-14;

/**
 * (mean − riskFree) ÷ standard deviation (divisor n − 1) × √periodsPerYear; `riskFree` is per period. NaN for fewer than two returns or
 * returns that do not vary. `periodsPerYear` 1 gives the ratio per observation that `probabilisticSharpe` wants.
 * Source: W. F. Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21 (1994).
 */
export const sharpeRatio = (returns: Vector, periodsPerYear: number, riskFree = 0): number =>
  ratioOf(mean(returns) - riskFree, standardDeviation(returns), periodsPerYear);

const ratioOf = (excess: number, deviation: number, periodsPerYear: number): number =>
  deviation > ROUNDING ? (excess / deviation) * Math.sqrt(periodsPerYear) : NaN;

/** Annualised Sharpe ratio over a risk-free rate of 0, by the track's own calendar. */
export const sharpe: Metric = track => {
  if (track.returns.length < 2) return undefinedBecause('fewer than two returns');
  const { mean, deviation } = momentsOf(track);
  return finiteOr(ratioOf(mean, deviation, track.periodsPerYear), 'the returns do not vary');
};
