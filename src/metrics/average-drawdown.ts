import { curveOf } from './curve-statistics.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Mean depth over all drawdown episodes, a negative fraction; 0 when equity never fell below its peak. */
export const averageDrawdown: Metric = track => {
  if (track.curve.length === 0) return undefinedBecause('the run has no bars');
  return curveOf(track).averageDepth;
};
