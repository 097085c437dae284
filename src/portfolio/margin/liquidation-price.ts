import type { MarginTier } from '../../market/margin-tiers.js';
import type { MarginedPosition } from './bankruptcy-price.js';
import { liquidationBounds } from './liquidation-bounds.js';
import { positionValue } from './position-value.js';

/** A position whose liquidation price is asked for. */
export interface LiquidationBasis extends MarginedPosition {
  readonly tiers: readonly MarginTier[];
  /** Fee of closing that must be left as well, a fraction of value; 0 when left out. */
  readonly takerFee?: number;
}

const BOUNDS = new Float64Array(2);

/**
 * Mark price at which this account liquidates a position that stands alone on its margin: margin + unrealised profit = maintenance margin (+ closing fee) at that very price and in the
 * bracket that holds there. At or below it for a long position, at or above it for a short one; NaN where no price does it.
 */
export const liquidationPrice = ({ inverse, quantity, entryPrice, margin, tiers, takerFee = 0 }: LiquidationBasis): number => {
  const bounds = liquidationBounds(
    {
      inverse,
      long: Math.max(0, quantity),
      short: Math.min(0, quantity),
      tiers,
      cushion: margin - positionValue(inverse, quantity, entryPrice),
      closingFee: takerFee,
    },
    BOUNDS,
  );
  const price = bounds[quantity > 0 ? 0 : 1]!;
  const never = quantity > 0 ? -Infinity : Infinity;
  return price === never ? NaN : price;
};
