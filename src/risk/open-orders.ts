import { reduces, type RiskCheck } from './risk-check.js';

/** No more orders at work at one time, those being taken back included. Reductions pass. */
export const openOrders =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    const open = view.openOrders ?? 0;
    return open + 1 > limit && !reduces(ticket, view)
      ? { code: 'open-orders', text: `${open} orders are at work; the limit is ${limit}` }
      : null;
  };
