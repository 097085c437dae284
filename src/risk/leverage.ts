import { LIMIT_SLACK } from './limits.js';
import { grossAfter, reduces, type RiskCheck } from './risk-check.js';

/** Gross notional over all symbols, orders at work included, may not exceed this multiple of equity. Reductions pass. */
export const leverage =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    const gross = grossAfter(ticket, view);
    return !(gross <= limit * view.equity * LIMIT_SLACK)
      ? {
          code: 'max-leverage',
          text: `gross notional would be ${(gross / view.equity).toFixed(3)} times equity, above the limit of ${limit}`,
        }
      : null;
  };
