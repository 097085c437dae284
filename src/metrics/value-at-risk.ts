import type { Vector } from '../numeric/vector.js';
import { quantile } from '../statistics/quantile.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** A 5 % tail of fewer returns than this holds none of them. */
export const TAIL_SAMPLES = 20;

/** Historical value at risk: the `cutoff` quantile of returns (type 7), signed, so that a loss is negative. */
export const historicalValueAtRisk = (returns: Vector, cutoff = 0.05): number => quantile(returns, cutoff);

/** The return per period that 5 % of periods fall below, signed fraction. Historical, no law assumed. */
export const valueAtRisk: Metric = ({ returns }) =>
  returns.length < TAIL_SAMPLES ? undefinedBecause(`fewer than ${TAIL_SAMPLES} returns`) : historicalValueAtRisk(returns);
