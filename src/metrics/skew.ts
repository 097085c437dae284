import { skewness } from '../statistics/moments.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Population skewness of returns: negative when the bad surprises are the larger ones. */
export const skew: Metric = ({ returns }) =>
  returns.length < 3 ? undefinedBecause('fewer than three returns') : finiteOr(skewness(returns), 'the returns do not vary');
