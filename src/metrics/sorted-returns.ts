import type { Track } from './metric.js';

const kept = new WeakMap<Track, Float64Array>();

/** Returns of a run in ascending order, sorted once: each quantile is read off them. Not to be changed. */
export const sortedReturns = (track: Track): Float64Array => {
  const known = kept.get(track);
  if (known) return known;
  const sorted = Float64Array.from(track.returns).sort();
  kept.set(track, sorted);
  return sorted;
};
