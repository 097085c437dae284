import type { OrderId, Side, Ticket } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import type { Lots } from '../market/units.js';

/** An order that takes what the market gives, and waits for nothing. */
export const marketTicket = (orderId: OrderId, symbol: Symbol, side: Side, lots: Lots, reduceOnly = false): Ticket => ({
  orderId,
  symbol,
  side,
  type: 'market',
  lots,
  limit: null,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly,
});
