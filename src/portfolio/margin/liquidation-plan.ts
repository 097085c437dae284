import { maintenanceOf, tierOf, type MarginTier } from '../../market/margin-tiers.js';
import type { Lots } from '../../market/units.js';

/** What a liquidation has to bring into order. */
export interface LiquidationPlanBasis {
  /** Held, without sign. */
  readonly lots: Lots;
  /** Value of one lot at the mark price, settlement asset, positive. */
  readonly lotValue: number;
  readonly tiers: readonly MarginTier[];
  /** What stands behind the position at the mark, settlement asset: margin + unrealised profit; in cross mode less the others' maintenance margin. */
  readonly margin: number;
  /** Liquidation fee, a fraction of the value closed. */
  readonly feeRate: number;
}

/** How much a venue closes of a position that its margin does not carry any more. */
export interface LiquidationPlan {
  /** Without sign; 0 when the margin covers the position. */
  readonly close: Lots;
  /** Liquidation fee of closing at the mark, settlement asset. It may be more than is left: see `clearLiquidation`. */
  readonly fee: number;
  /** What is left behind the rest after it, and what the rest needs. */
  readonly margin: number;
  readonly maintenance: number;
}

/**
 * Lots that a venue closes: as few as bring the position into the next lower bracket, and again, until margin exceeds maintenance margin; all of it when that fails in the lowest one.
 * Assumes that it is closed at the mark, so ask again after real fills. Bybit, Liquidation Process (laddered by risk limit); Binance closes by the same brackets.
 */
export const liquidationPlan = ({ lots, lotValue, tiers, margin, feeRate }: LiquidationPlanBasis): LiquidationPlan => {
  let rest = lots;
  let maintenance = maintenanceOf(tiers, rest * lotValue);
  const left = (): number => margin - (lots - rest) * lotValue * feeRate;
  while (rest > 0 && !(left() > maintenance)) {
    const floor = tierOf(tiers, rest * lotValue)?.floor ?? 0;
    // Strictly below the floor; rounding may put the first guess on it.
    rest = Math.min(rest, Math.ceil(floor / lotValue)) - 1;
    while (rest > 0 && rest * lotValue >= floor) rest--;
    if (rest < 0) rest = 0;
    maintenance = maintenanceOf(tiers, rest * lotValue);
  }
  return { close: lots - rest, fee: (lots - rest) * lotValue * feeRate, margin: left(), maintenance };
};
