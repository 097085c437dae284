import type { MarginTier } from '../../market/margin-tiers.js';

/** What the two legs of one symbol stand on. In one-way mode one of them is 0. */
export interface BoundsBasis {
  /** Settles in the base asset. */
  readonly inverse: boolean;
  /** Quantity of the long leg, 0 or more: base units, quote currency for inverse contracts. For spot: what is held × its collateral ratio. */
  readonly long: number;
  /** Quantity of the short leg, 0 or less. */
  readonly short: number;
  /** Schedule of the symbol; each leg has its own bracket. None for spot. */
  readonly tiers: readonly MarginTier[];
  /**
   * Margin behind the legs less their value at entry (`positionValue`, the account's cost), settlement asset: equity where the legs are worth nothing. In cross mode the margin is the
   * wallet plus everybody else's profit less everybody else's maintenance margin at their marks.
   */
  readonly cushion: number;
  /** Fee of closing, a fraction of value, that must be left as well; 0 where the venue does not reserve it. Less than 1 minus the highest rate. */
  readonly closingFee: number;
}

const NO_TIER: MarginTier = { floor: 0, cap: Infinity, rate: 0, deduction: 0, maxLeverage: 1 };

/**
 * Prices at which margin no longer exceeds maintenance margin, written to `out`: at or below `out[0]` (−Infinity where none) and at or above `out[1]` (Infinity where none). A long position
 * has the first, a short one the second, hedged legs may have both. The bracket is the one that holds at the liquidation price, not the present one. Derived from the definition
 * (Binance, How to Calculate Liquidation Price of USDⓈ-M Futures; COIN-M likewise in coins).
 */
export const liquidationBounds = (basis: BoundsBasis, out: Float64Array): Float64Array => {
  const { inverse, long, short, tiers, cushion, closingFee } = basis;
  // Along y, the price or its inverse, equity is a straight line. Maintenance margin is the largest of its brackets' lines, for rates do not fall; so margin covers it where every
  // bracket's own line is above zero, and no bracket has to be looked up.
  const a = inverse ? -long : long;
  const b = inverse ? -short : short;
  let low = -Infinity;
  let high = Infinity;
  out[0] = low;
  out[1] = high;
  if (a === 0 && b === 0) return out;
  const longTiers = long === 0 ? 1 : Math.max(1, tiers.length);
  const shortTiers = short === 0 ? 1 : Math.max(1, tiers.length);
  for (let i = 0; i < longTiers; i++) {
    const first = long === 0 ? NO_TIER : (tiers[i] ?? NO_TIER);
    for (let j = 0; j < shortTiers; j++) {
      const second = short === 0 ? NO_TIER : (tiers[j] ?? NO_TIER);
      const slope = a + b - Math.abs(a) * (first.rate + closingFee) - Math.abs(b) * (second.rate + closingFee);
      const start = cushion + first.deduction + second.deduction;
      if (slope > 0) low = Math.max(low, -start / slope);
      else if (slope < 0) high = Math.min(high, -start / slope);
      else if (start <= 0) low = Infinity;
    }
  }
  // A bound that no positive price can reach is none; one that every price is beyond is the end of the scale.
  const lower = low > 0 ? low : 0;
  const upper = high > 0 ? high : 0;
  if (inverse) {
    out[0] = upper === Infinity ? -Infinity : 1 / upper;
    out[1] = 1 / lower;
  } else {
    out[0] = lower > 0 ? lower : -Infinity;
    out[1] = upper;
  }
  return out;
};
