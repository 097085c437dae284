import type { Vector } from '../numeric/vector.js';
import { linearRegression } from '../statistics/linear-regression.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** R² of the least-squares line through cumulative log returns, 0 to 1. NaN for a return of −1 or less or returns that are all zero. */
export const stabilityOf = (returns: Vector): number => {
  const path = new Float64Array(returns.length);
  const time = new Float64Array(returns.length);
  let level = 0;
  for (let i = 0; i < returns.length; i++) {
    level += Math.log1p(returns[i]!);
    path[i] = level;
    time[i] = i;
  }
  return linearRegression(time, path).rSquared;
};

/** How straight the log equity line is: 1 for steady growth or steady loss. As in Quantopian's empyrical. */
export const stability: Metric = ({ returns }) =>
  returns.length < 3 ? undefinedBecause('fewer than three returns') : finiteOr(stabilityOf(returns), 'equity does not move, or was lost');
