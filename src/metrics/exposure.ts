import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/**
 * Fraction of time with a position. A point of the curve speaks for the stretch since the point before it, the first for one as long as the
 * second's, so with equal bars it is the fraction of bars that closed with a position. Trips inside one bar are not seen.
 */
export const exposure: Metric = ({ curve: { ts, gross, length } }) => {
  if (length === 0) return undefinedBecause('the run has no bars');
  const first = length > 1 ? ts[1]! - ts[0]! : 1;
  let held = gross[0]! > 0 ? first : 0;
  for (let i = 1; i < length; i++) if (gross[i]! > 0) held += ts[i]! - ts[i - 1]!;
  return held / (ts[length - 1]! - ts[0]! + first);
};
