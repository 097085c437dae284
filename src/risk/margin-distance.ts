import { maintenanceOf, type MarginTier } from '../market/margin-tiers.js';
import type { Symbol } from '../market/instrument.js';
import { symbolOfPosition } from './position-name.js';
import { notionalAfter, reduces, worstNotional, type RiskCheck } from './risk-check.js';

/**
 * Room before liquidation: (equity − maintenance margin) ÷ gross notional of all positions and orders at work is, to first order, the fraction by which every position may move against the account at
 * once. It must not fall below the limit. Maintenance by each symbol's brackets, as the venue has them. Reductions pass.
 */
export const marginDistance =
  (limit: number, tiersOf: (symbol: Symbol) => readonly MarginTier[]): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    let gross = 0;
    let maintenance = 0;
    for (const name of view.symbols) {
      const notional = name === ticket.symbol ? Math.abs(notionalAfter(ticket, view)) : worstNotional(name, view);
      gross += notional;
      maintenance += maintenanceOf(tiersOf(symbolOfPosition(name)), notional);
    }
    const room = view.equity - maintenance;
    return !(room >= limit * gross * (1 - 1e-9))
      ? {
          code: 'margin-distance',
          text: `a move of ${((room / gross) * 100).toFixed(2)} % against the account would liquidate it; the limit is ${(limit * 100).toFixed(2)} %`,
        }
      : null;
  };
