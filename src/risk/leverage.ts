import { notionalAfter, reduces, type RiskCheck } from './risk-check.js';

/** Gross notional over all symbols may not exceed this multiple of equity. Reductions pass. */
export const leverage =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    const gross = view.grossNotional - Math.abs(view.notional(ticket.symbol)) + Math.abs(notionalAfter(ticket, view));
    return gross > limit * view.equity * (1 + 1e-9)
      ? {
          code: 'max-leverage',
          text: `gross notional would be ${(gross / view.equity).toFixed(3)} times equity, above the limit of ${limit}`,
        }
      : null;
  };
