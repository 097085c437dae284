import type { Band } from './band.js';
import { notNegative } from './parameters.js';

/** What a round trip costs. Fees as fractions of notional, slippage in basis points of the price per fill. */
export interface CostBandOptions {
  readonly taker: number;
  readonly slippageBps?: number;
  /** Funding and borrowing expected over the holding, as a fraction of notional. */
  readonly carry?: number;
  /** Times the cost that a move must exceed to be worth it; 1 when left out. */
  readonly margin?: number;
}

/**
 * The no-trade band in which a round trip of takers does not earn its costs. A buy at (1 + s)(1 + f) times the price and a sale at (1 − s)(1 − f) break even at a
 * return of (1 + s)(1 + f) ÷ ((1 − s)(1 − f)) − 1, about 2(s + f); a short breaks even a hair earlier. Throws a usage error for negative costs.
 */
export const costBand = ({ taker, slippageBps = 0, carry = 0, margin = 1 }: CostBandOptions): Band => {
  const f = notNegative('cost-band', 'taker', taker);
  const s = notNegative('cost-band', 'slippageBps', slippageBps) / 10_000;
  notNegative('cost-band', 'carry', carry);
  notNegative('cost-band', 'margin', margin);
  const roundTrip = (2 * (s + f)) / ((1 - s) * (1 - f));
  return { kind: 'fraction', value: margin * (roundTrip + carry) };
};
