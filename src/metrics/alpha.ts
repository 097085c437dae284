import { power } from '../numeric/pow.js';
import type { Vector } from '../numeric/vector.js';
import { mean } from '../statistics/moments.js';
import { betaOf } from './beta.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** (1 + mean(r) − β·mean(b))^periodsPerYear − 1: what is left of a period's mean return after the benchmark's part, compounded to a year. */
export const alphaOf = (returns: Vector, benchmark: Vector, periodsPerYear: number): number =>
  power(1 + mean(returns) - betaOf(returns, benchmark) * mean(benchmark), periodsPerYear) - 1;

/** Annual return that the benchmark does not explain, as a fraction. Source: M. C. Jensen, Journal of Finance 23 (1968). */
export const alpha: Metric = ({ returns, benchmark, periodsPerYear }) => {
  if (!benchmark) return undefinedBecause('no benchmark');
  if (returns.length < 3) return undefinedBecause('fewer than three returns');
  return finiteOr(alphaOf(returns, benchmark, periodsPerYear), 'the benchmark does not vary');
};
