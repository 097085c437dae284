import type { Vector } from '../numeric/vector.js';
import { linearRegression } from '../statistics/linear-regression.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Slope of the least-squares line of returns on benchmark returns. NaN when the benchmark does not vary. */
export const betaOf = (returns: Vector, benchmark: Vector): number => linearRegression(benchmark, returns).slope;

/** How much of a move of the benchmark the strategy takes part in. Source: W. F. Sharpe, Capital Asset Prices, Journal of Finance 19 (1964). */
export const beta: Metric = ({ returns, benchmark }) => {
  if (!benchmark) return undefinedBecause('no benchmark');
  if (returns.length < 3) return undefinedBecause('fewer than three returns');
  return finiteOr(betaOf(returns, benchmark), 'the benchmark does not vary');
};
