import { excessKurtosis } from '../statistics/moments.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Population excess kurtosis of returns: 0 for a normal law, positive for fat tails. */
export const kurtosis: Metric = ({ returns }) =>
  returns.length < 4 ? undefinedBecause('fewer than four returns') : finiteOr(excessKurtosis(returns), 'the returns do not vary');
