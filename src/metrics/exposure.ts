import { curveOf } from './curve-statistics.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/**
 * Fraction of time with a position. A point of the curve speaks for the stretch since the point before it, the first for one as long as the
 * second's, so with equal bars it is the fraction of bars that closed with a position. Trips inside one bar are not seen.
 */
export const exposure: Metric = track => {
  const { ts, length } = track.curve;
  if (length === 0) return undefinedBecause('the run has no bars');
  const { held, first } = curveOf(track);
  return held / (ts[length - 1]! - ts[0]! + first);
};
