import { LIMIT_SLACK } from './limits.js';
import { notionalAfter, reduces, type RiskCheck } from './risk-check.js';

/** |Notional| in one symbol, orders at work included, in money. Reductions pass. */
export const positionNotional =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    const after = Math.abs(notionalAfter(ticket, view));
    return !(after <= limit * LIMIT_SLACK)
      ? { code: 'max-position', text: `${ticket.symbol} would be ${after.toFixed(2)}, above the limit of ${limit} per symbol` }
      : null;
  };
