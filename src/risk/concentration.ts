import { LIMIT_SLACK } from './limits.js';
import { engagedIn, leastNotional, notionalAfter, reduces, type RiskCheck } from './risk-check.js';

/**
 * One symbol may not be more than a share of the gross notional. The symbol counts as far as its orders can lead, the others as little as theirs may leave. Up to `from` times equity nothing is called
 * concentrated, else no first position could be opened. Reductions pass.
 */
export const concentration =
  (limit: number, from: number): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    const after = Math.abs(notionalAfter(ticket, view));
    if (after <= from * view.equity * LIMIT_SLACK) return null;
    let gross = after;
    for (const symbol of engagedIn(view, ticket.symbol)) if (symbol !== ticket.symbol) gross += leastNotional(symbol, view);
    return !(after <= limit * gross * LIMIT_SLACK)
      ? {
          code: 'concentration',
          text: `${ticket.symbol} would be ${((after / gross) * 100).toFixed(1)} % of the gross notional, above the limit of ${(limit * 100).toFixed(1)} %`,
        }
      : null;
  };
