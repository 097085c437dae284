import { LIMIT_SLACK } from './limits.js';
import { grossAfter, reduces, type RiskCheck } from './risk-check.js';

/** Gross notional over all symbols, orders at work included, in money. Reductions pass. */
export const grossNotional =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    const gross = grossAfter(ticket, view);
    return !(gross <= limit * LIMIT_SLACK)
      ? { code: 'max-gross', text: `gross notional would be ${gross.toFixed(2)}, above the limit of ${limit}` }
      : null;
  };
