import type { Lots } from '../../market/units.js';
import type { BrokerCore } from './broker-core.js';
import { lotsOfStreams, netLots } from './broker-state.js';
import { isConditional, remainingOf, type OrderRecord } from './order-record.js';

/**
 * Lots of a reducing order that the venue does not hold to reducing, because strategies hold the symbol together: no more than its strategy holds. One that waits for its price keeps its size, for what it protects may
 * still grow.
 */
export const reducingLots = (record: OrderRecord, own: Lots): Lots => {
  const most = Math.abs(own);
  return record.ticket.closePosition === true || !isConditional(record.ticket) ? Math.min(remainingOf(record), most) : remainingOf(record);
};

/** Signed lots that other orders of the same side may still fill. Those that wait for a price or for their turn are left out: the first would keep every exit from leaving, the others are asked about when they leave. */
const alongside = ({ state, sentAt }: BrokerCore, { ticket }: OrderRecord): Lots => {
  let lots = 0;
  for (const other of state.open.values()) {
    const { orderId, symbol, side, positionSide } = other.ticket;
    if (orderId === ticket.orderId || symbol !== ticket.symbol || side !== ticket.side || positionSide !== ticket.positionSide) continue;
    if (other.status !== 'working' && !sentAt.has(orderId)) continue;
    if (isConditional(other.ticket) && !other.triggered) continue;
    const remaining = remainingOf(other);
    lots += Number.isFinite(remaining) ? remaining : Math.abs(lotsOfStreams(state, symbol, other.strategy, positionSide).own);
  }
  return ticket.side === 'buy' ? lots : -lots;
};

/** Whether so many lots of an order make the account's position smaller, whatever of the other orders of its side fills first: what reduces a strategy's part may open or turn the account's where another strategy holds the other side. */
export const shrinksAccount = (core: BrokerCore, record: OrderRecord, lots: Lots): boolean => {
  const { symbol, side, positionSide } = record.ticket;
  const net = netLots(core.state, symbol, positionSide) + alongside(core, record);
  return Math.abs(net + (side === 'buy' ? lots : -lots)) < Math.abs(net);
};
