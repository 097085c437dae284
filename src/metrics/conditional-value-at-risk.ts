import type { Vector } from '../numeric/vector.js';
import { mean } from '../statistics/moments.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { tailsOf } from './return-tails.js';
import { TAIL, TAIL_SAMPLES } from './tail.js';
import { historicalValueAtRisk } from './value-at-risk.js';

/**
 * Mean of the returns at or below the historical value at risk: what a bad period costs on average. Signed, a loss is negative.
 * Source: Rockafellar & Uryasev, Conditional Value-at-Risk for General Loss Distributions, Journal of Banking & Finance 26 (2002).
 */
export const expectedShortfall = (returns: Vector, cutoff = TAIL): number => meanUpTo(returns, historicalValueAtRisk(returns, cutoff));

const meanUpTo = (returns: Vector, limit: number): number => {
  const worst: number[] = [];
  for (let i = 0; i < returns.length; i++) if (returns[i]! <= limit) worst.push(returns[i]!);
  return mean(worst);
};

/** Mean return of the worst 5 % of periods, signed fraction. */
export const conditionalValueAtRisk: Metric = track =>
  track.returns.length < TAIL_SAMPLES
    ? undefinedBecause(`fewer than ${TAIL_SAMPLES} returns`)
    : meanUpTo(track.returns, tailsOf(track).worst);
