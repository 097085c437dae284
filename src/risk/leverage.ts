import { notionalAfter, reduces, worstNotional, type RiskCheck } from './risk-check.js';

/** Gross notional over all symbols, orders at work included, may not exceed this multiple of equity. Reductions pass. */
export const leverage =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    let gross = Math.abs(notionalAfter(ticket, view));
    for (const symbol of view.symbols) if (symbol !== ticket.symbol) gross += worstNotional(symbol, view);
    return gross > limit * view.equity * (1 + 1e-9)
      ? {
          code: 'max-leverage',
          text: `gross notional would be ${(gross / view.equity).toFixed(3)} times equity, above the limit of ${limit}`,
        }
      : null;
  };
