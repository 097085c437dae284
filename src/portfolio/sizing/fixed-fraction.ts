import type { Sizer } from './sizer.js';

/**
 * Lose no more than `risk` of equity when the stop-loss fills: risk ÷ loss. Knows nothing of how likely that is; a gap through the stop loses more.
 * Source: Vince, Portfolio Management Formulas (1990).
 */
export const fixedFraction =
  ({ risk }: { risk: number }): Sizer =>
  ({ loss }) =>
    risk / loss;
