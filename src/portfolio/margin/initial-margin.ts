import { tierOf, type MarginTier } from '../../market/margin-tiers.js';

/**
 * Margin that a position of this notional needs to be opened: notional ÷ leverage, where leverage is at most what the position's bracket allows. Both in the settlement asset, positive.
 * Without brackets the leverage holds as it is: 1 for spot, which is paid in full.
 */
export const initialMargin = (tiers: readonly MarginTier[], notional: number, leverage: number): number =>
  notional / Math.min(leverage, tierOf(tiers, notional)?.maxLeverage ?? Infinity);
