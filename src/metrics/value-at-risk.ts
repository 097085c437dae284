import type { Vector } from '../numeric/vector.js';
import { quantile, quantileOfSorted } from '../statistics/quantile.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { sortedReturns } from './sorted-returns.js';

/** A 5 % tail of fewer returns than this holds none of them. */
export const TAIL_SAMPLES = 20;

/** Share of periods that metrics of the tail speak of. */
export const TAIL = 0.05;

/** Historical value at risk: the `cutoff` quantile of returns (type 7), signed, so that a loss is negative. */
export const historicalValueAtRisk = (returns: Vector, cutoff = TAIL): number => quantile(returns, cutoff);

/** The return per period that 5 % of periods fall below, signed fraction. Historical, no law assumed. */
export const valueAtRisk: Metric = track =>
  track.returns.length < TAIL_SAMPLES
    ? undefinedBecause(`fewer than ${TAIL_SAMPLES} returns`)
    : quantileOfSorted(sortedReturns(track), TAIL);
