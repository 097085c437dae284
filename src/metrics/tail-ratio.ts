import type { Vector } from '../numeric/vector.js';
import { quantileOfSorted } from '../statistics/quantile.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { tailsOf } from './return-tails.js';
import { TAIL, TAIL_SAMPLES } from './tail.js';

/** |95th percentile| ÷ |5th percentile| of returns: above 1 when the good days are larger than the bad ones. */
export const tailRatioOf = (returns: Vector): number => {
  const sorted = Float64Array.from(returns).sort();
  return ratioOf(quantileOfSorted(sorted, 1 - TAIL), quantileOfSorted(sorted, TAIL));
};

const ratioOf = (best: number, worst: number): number => Math.abs(best) / Math.abs(worst);

/** Right tail ÷ left tail at 5 %, as in Quantopian's empyrical. */
export const tailRatio: Metric = track => {
  if (track.returns.length < TAIL_SAMPLES) return undefinedBecause(`fewer than ${TAIL_SAMPLES} returns`);
  const { worst, best } = tailsOf(track);
  return finiteOr(ratioOf(best, worst), 'the 5 % quantile of returns is zero');
};
