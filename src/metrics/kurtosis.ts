import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { momentsOf } from './return-moments.js';

/** Population excess kurtosis of returns: 0 for a normal law, positive for fat tails. */
export const kurtosis: Metric = track =>
  track.returns.length < 4
    ? undefinedBecause('fewer than four returns')
    : finiteOr(momentsOf(track).excessKurtosis, 'the returns do not vary');
