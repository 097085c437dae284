import type { Lots } from '../../market/units.js';
import type { BrokerCore } from './broker-core.js';
import { lotsOfStreams, netLots, type BrokerState } from './broker-state.js';
import { isConditional, remainingOf, type OrderRecord } from './order-record.js';

const partOf = (state: BrokerState, { strategy, ticket }: OrderRecord) =>
  lotsOfStreams(state, ticket.symbol, strategy, ticket.positionSide);

/** Whether the venue cannot hold a reducing order to reducing: where strategies hold a symbol together it sees their net, and would refuse what reduces one of them. */
export const isUnbound = (state: BrokerState, record: OrderRecord): boolean => record.strategy !== '' && partOf(state, record).others > 0;

/** Lots that the order's strategy holds against its side: all that it may close. */
export const closable = (state: BrokerState, record: OrderRecord): Lots => {
  const { own } = partOf(state, record);
  return Math.max(0, record.ticket.side === 'sell' ? own : -own);
};

/** Lots with which a reducing order leaves that the venue does not hold to reducing: no more than its strategy holds. One that waits for its price keeps its size, for what it protects may still grow. */
export const reducingLots = (state: BrokerState, record: OrderRecord): Lots =>
  record.ticket.closePosition === true || !isConditional(record.ticket)
    ? Math.min(remainingOf(record), closable(state, record))
    : remainingOf(record);

/** Lots that other orders of the same side may still fill. Those that wait for a price or for their turn are left out: the first would keep every exit from leaving, the others are asked about when they leave. */
const alongside = ({ state, sentAt, unbound }: BrokerCore, { ticket }: OrderRecord, net: Lots): Lots => {
  let lots = 0;
  for (const other of state.open.values()) {
    const { orderId, symbol, side, positionSide } = other.ticket;
    if (orderId === ticket.orderId || symbol !== ticket.symbol || side !== ticket.side || positionSide !== ticket.positionSide) continue;
    if (other.status !== 'working' && !sentAt.has(orderId)) continue;
    if (isConditional(other.ticket) && !other.triggered) continue;
    const sent = unbound.get(orderId);
    const remaining = sent === undefined ? remainingOf(other) : sent - other.filled;
    lots += Number.isFinite(remaining) ? remaining : Math.abs(net);
  }
  return lots;
};

/**
 * Whether a strategy's reducing order makes the account's position smaller, and does not open or turn it where another strategy holds the other side. One that fills at once is judged as if the other orders of its side had filled
 * before it.
 */
export const shrinksAccount = (core: BrokerCore, record: OrderRecord): boolean => {
  const { symbol, side, positionSide } = record.ticket;
  const net = netLots(core.state, symbol, positionSide);
  const sign = side === 'buy' ? 1 : -1;
  const before = net + (isConditional(record.ticket) ? 0 : sign * alongside(core, record, net));
  const lots = Math.min(remainingOf(record), closable(core.state, record));
  return Math.abs(before + sign * lots) < Math.abs(before);
};
