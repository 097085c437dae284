import { usageError } from '../../errors.js';

/**
 * Weight of each row by age: 1 for the newest, half for one that is `halfLife` older, in the unit of `time` (epoch ms, or row numbers). Markets change, so old rows
 * should say less. Throws a usage error for a half-life that is not above 0.
 */
export const recency = (time: Float64Array, halfLife: number): Float64Array => {
  if (!(halfLife > 0)) throw usageError('bad-half-life', `${halfLife} is not a half-life.`, 'Use a duration above 0.');
  let newest = -Infinity;
  for (const t of time) if (t > newest) newest = t;
  return time.map(t => Math.exp((-Math.LN2 * (newest - t)) / halfLife));
};
