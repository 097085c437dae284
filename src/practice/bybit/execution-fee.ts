import type { PracticeExchange, PracticeOrder } from '../practice-exchange.js';

/** What the executions of an order have paid in fees. */
export const executionFee = (exchange: PracticeExchange, account: string, order: PracticeOrder): number =>
  order.filled === 0
    ? 0
    : exchange
        .executions(account, order.symbol, order.createdAt, order.updatedAt)
        .reduce((sum, { venueOrderId, fee }) => (venueOrderId === order.venueId ? sum + fee : sum), 0);
