import { episodesOf } from './drawdowns.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Longest time from a peak of equity until it was reached again, in milliseconds; one that has not recovered lasts to the last bar. */
export const drawdownDuration: Metric = track => {
  const { curve } = track;
  if (curve.length === 0) return undefinedBecause('the run has no bars');
  const last = curve.ts[curve.length - 1]!;
  let longest = 0;
  for (const { peakTs, recoveryTs } of episodesOf(track)) longest = Math.max(longest, (recoveryTs ?? last) - peakTs);
  return longest;
};
