import type { Vector } from '../numeric/vector.js';
import { quantileOfSorted } from '../statistics/quantile.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { sortedReturns } from './sorted-returns.js';
import { TAIL, TAIL_SAMPLES } from './value-at-risk.js';

/** |95th percentile| ÷ |5th percentile| of returns: above 1 when the good days are larger than the bad ones. */
export const tailRatioOf = (returns: Vector): number => ofSorted(Float64Array.from(returns).sort());

const ofSorted = (sorted: Float64Array): number => Math.abs(quantileOfSorted(sorted, 1 - TAIL)) / Math.abs(quantileOfSorted(sorted, TAIL));

/** Right tail ÷ left tail at 5 %, as in Quantopian's empyrical. */
export const tailRatio: Metric = track =>
  track.returns.length < TAIL_SAMPLES
    ? undefinedBecause(`fewer than ${TAIL_SAMPLES} returns`)
    : finiteOr(ofSorted(sortedReturns(track)), 'the 5 % quantile of returns is zero');
