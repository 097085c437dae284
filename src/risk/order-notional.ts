import { reduces, type RiskCheck } from './risk-check.js';

/** No single order above this value. Reductions pass: refusing them would keep risk on. */
export const orderNotional =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    const notional = view.ticketNotional(ticket);
    return !(notional <= limit) && !reduces(ticket, view)
      ? { code: 'max-order-notional', text: `order of ${notional.toFixed(2)} is above the limit of ${limit} per order` }
      : null;
  };
