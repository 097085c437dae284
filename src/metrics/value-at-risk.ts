import type { Vector } from '../numeric/vector.js';
import { quantile } from '../statistics/quantile.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { tailsOf } from './return-tails.js';
import { TAIL, TAIL_SAMPLES } from './tail.js';

/** Historical value at risk: the `cutoff` quantile of returns (type 7), signed, so that a loss is negative. */
export const historicalValueAtRisk = (returns: Vector, cutoff = TAIL): number => quantile(returns, cutoff);

/** The return per period that 5 % of periods fall below, signed fraction. Historical, no law assumed. */
export const valueAtRisk: Metric = track =>
  track.returns.length < TAIL_SAMPLES ? undefinedBecause(`fewer than ${TAIL_SAMPLES} returns`) : tailsOf(track).worst;
