import { badData } from '../errors.js';
import { exact, type Amount } from '../market/units.js';

/** Half away from zero, as venues' ledgers round. */
export const roundHalfAway = (x: number): number => (x < 0 ? -Math.round(-x) : Math.round(x));

/**
 * What a position receives (+) or pays (−) at one settlement: −notional × rate, where notional has the position's sign and is valued at the
 * mark price. A positive rate is paid by longs to shorts (Binance and Bybit USDⓈ-M rules).
 */
export const fundingPayment = (notionalAtMark: Amount, rate: number): Amount =>
  exact(roundHalfAway(-notionalAtMark * rate), 'a funding payment');

/** A position at the moment of a settlement. */
export interface FundingBasis {
  /** Settles in the base asset. */
  readonly inverse: boolean;
  /** Signed: base units, quote currency for inverse contracts. */
  readonly quantity: number;
  /** Quote currency. */
  readonly markPrice: number;
}

/**
 * What funding is charged on: the position's value at the mark price with the position's own sign, in the settlement asset; quantity × mark for linear contracts, quantity ÷ mark for
 * inverse ones. Throws `missing-mark` (bad data) without a mark price: a payment that is not known is not 0.
 */
export const fundingNotional = ({ inverse, quantity, markPrice }: FundingBasis): number => {
  if (!(markPrice > 0 && markPrice < Infinity))
    throw badData(
      'missing-mark',
      `Funding is due and the mark price is ${markPrice}.`,
      'Load mark prices, or last prices, that begin before the first settlement.',
    );
  return inverse ? quantity / markPrice : quantity * markPrice;
};
