import { maintenanceOf, type MarginTier } from '../../market/margin-tiers.js';
import { positionValue } from './position-value.js';

/**
 * Margin below which the venue takes a position over: its value at the mark price × the rate of its bracket − the bracket's deduction. In the settlement asset. In hedge mode each leg has
 * its own; a spot holding (no brackets) has none.
 */
export const maintenanceMargin = (tiers: readonly MarginTier[], inverse: boolean, quantity: number, markPrice: number): number =>
  maintenanceOf(tiers, Math.abs(positionValue(inverse, quantity, markPrice)));
