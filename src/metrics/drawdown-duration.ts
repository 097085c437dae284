import { curveOf } from './curve-statistics.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Longest time from a peak of equity until it was reached again, in milliseconds; one that has not recovered lasts to the last bar. */
export const drawdownDuration: Metric = track => {
  if (track.curve.length === 0) return undefinedBecause('the run has no bars');
  return curveOf(track).longest;
};
