import { LIMIT_SLACK } from './limits.js';
import { engagedIn, furthestNotional, notionalAfter, reduces, type RiskCheck } from './risk-check.js';

/**
 * |Longs − shorts| over all symbols as a multiple of equity, as far as the orders of the ticket's side can lead: those of the other side may never fill and make no room. Reductions pass, and so does what
 * brings the sum nearer to balance.
 */
export const netExposure =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    let net = notionalAfter(ticket, view);
    for (const symbol of engagedIn(view, ticket.symbol)) if (symbol !== ticket.symbol) net += furthestNotional(symbol, ticket.side, view);
    const further = ticket.side === 'buy' ? net : -net;
    return !(further <= limit * view.equity * LIMIT_SLACK)
      ? {
          code: 'max-net',
          text: `net exposure would be ${(net / view.equity).toFixed(3)} times equity, above the limit of ${limit}`,
        }
      : null;
  };
