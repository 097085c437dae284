import type { Vector } from '../numeric/vector.js';
import { mean } from '../statistics/moments.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { historicalValueAtRisk, TAIL_SAMPLES } from './value-at-risk.js';

/**
 * Mean of the returns at or below the historical value at risk: what a bad period costs on average. Signed, a loss is negative.
 * Source: Rockafellar & Uryasev, Conditional Value-at-Risk for General Loss Distributions, Journal of Banking & Finance 26 (2002).
 */
export const expectedShortfall = (returns: Vector, cutoff = 0.05): number => {
  const limit = historicalValueAtRisk(returns, cutoff);
  return mean(Float64Array.from(returns).filter(r => r <= limit));
};

/** Mean return of the worst 5 % of periods, signed fraction. */
export const conditionalValueAtRisk: Metric = ({ returns }) =>
  returns.length < TAIL_SAMPLES ? undefinedBecause(`fewer than ${TAIL_SAMPLES} returns`) : expectedShortfall(returns);
