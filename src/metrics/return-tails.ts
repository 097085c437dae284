import { select } from '../statistics/order-statistic.js';
import type { Track } from './metric.js';
import { TAIL } from './tail.js';

/** Quantiles of a run's returns at both ends, as `quantile` gives them. */
export interface ReturnTails {
  /** At 5 %, and at 95 %. */
  readonly worst: number;
  readonly best: number;
}

/** As `quantileOfSorted`, of values that are brought as far into order as that takes; those before `from` are lower already. */
const quantileFrom = (values: Float64Array, p: number, from: number): number => {
  if (values.length === 0) return NaN;
  const position = (values.length - 1) * p;
  const below = Math.floor(position);
  const low = select(values, below, from);
  const weight = position - below;
  return weight === 0 ? low : low + (select(values, below + 1, below) - low) * weight;
};

const kept = new WeakMap<Track, ReturnTails>();

/** Both tails of a run's returns, looked for once. */
export const tailsOf = (track: Track): ReturnTails => {
  const known = kept.get(track);
  if (known) return known;
  const values = track.returns.slice();
  const worst = quantileFrom(values, TAIL, 0);
  const tails = { worst, best: quantileFrom(values, 1 - TAIL, Math.floor((values.length - 1) * TAIL)) };
  kept.set(track, tails);
  return tails;
};
