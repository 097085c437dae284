import type { MarginTier } from '../market/margin-tiers.js';
import type { Symbol } from '../market/instrument.js';
import { initialMargin } from '../portfolio/margin/initial-margin.js';
import { LIMIT_SLACK } from './limits.js';
import { engagedIn, notionalAfter, reduces, worstNotional, type RiskCheck } from './risk-check.js';

/** How each symbol of the account is margined. */
export interface AvailableMarginOptions {
  /** Leverage that the account chose for a symbol; 1 for spot. */
  readonly leverageOf: (symbol: Symbol) => number;
  /** Maintenance-margin schedule of a symbol, whose brackets cap its leverage; none for spot. */
  readonly tiersOf: (symbol: Symbol) => readonly MarginTier[];
}

/**
 * The initial margin of all positions and orders at work may not exceed equity, as the venue would judge it: each symbol at its own leverage, as far as its bracket allows that. Reductions
 * pass. The same arithmetic serves backtests and the check before a live order.
 */
export const availableMargin =
  ({ leverageOf, tiersOf }: AvailableMarginOptions): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    let margin = 0;
    for (const symbol of engagedIn(view, ticket.symbol)) {
      const notional = symbol === ticket.symbol ? Math.abs(notionalAfter(ticket, view)) : worstNotional(symbol, view);
      margin += initialMargin(tiersOf(symbol), notional, leverageOf(symbol));
    }
    return !(margin <= view.equity * LIMIT_SLACK)
      ? {
          code: 'insufficient-margin',
          text: `initial margin would be ${margin.toFixed(2)}, above the equity of ${view.equity.toFixed(2)}`,
        }
      : null;
  };
