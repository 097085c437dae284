import { positionValue } from './position-value.js';

/** A position and the margin behind it: its own when isolated, what the account can lose when crossed. */
export interface MarginedPosition {
  /** Settles in the base asset. */
  readonly inverse: boolean;
  /** Signed: base units, quote currency for inverse contracts. Not 0. */
  readonly quantity: number;
  /** Average, quote currency. */
  readonly entryPrice: number;
  /** Settlement asset, before the position's own unrealised profit. */
  readonly margin: number;
}

/**
 * Price at which closing uses up the margin to the last coin: margin + profit − closing fee = 0, with `takerFee` a fraction of the value closed (Bybit, bankruptcy price of inverse
 * contracts: quantity × (1 + fee) ÷ (quantity ÷ entry + margin)). Losses beyond it are the insurance fund's. NaN where no price does.
 */
export const bankruptcyPrice = ({ inverse, quantity, entryPrice, margin }: MarginedPosition, takerFee = 0): number => {
  // Along y, the price or its inverse, the value of the position is a straight line: margin + slope × y − value at entry.
  const slope = inverse ? -quantity : quantity;
  const y = (positionValue(inverse, quantity, entryPrice) - margin) / (slope - Math.abs(slope) * takerFee);
  if (!(y > 0)) return NaN;
  return inverse ? 1 / y : y;
};
