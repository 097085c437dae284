import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { momentsOf } from './return-moments.js';

/** Population skewness of returns: negative when the bad surprises are the larger ones. */
export const skew: Metric = track =>
  track.returns.length < 3 ? undefinedBecause('fewer than three returns') : finiteOr(momentsOf(track).skewness, 'the returns do not vary');
