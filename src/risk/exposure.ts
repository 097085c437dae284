import { LIMIT_SLACK } from './limits.js';
import { notionalAfter, reduces, type RiskCheck } from './risk-check.js';

/** |Notional| in one symbol, orders at work included, may not exceed this multiple of equity. Reductions pass. */
export const exposure =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    const after = Math.abs(notionalAfter(ticket, view));
    return !(after <= limit * view.equity * LIMIT_SLACK)
      ? {
          code: 'max-exposure',
          text: `${ticket.symbol} would be ${(after / view.equity).toFixed(3)} times equity, above the limit of ${limit}`,
        }
      : null;
  };
