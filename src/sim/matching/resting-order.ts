import type { Fact } from '../../events/fact.js';
import type { OrderId, Ticket } from '../../events/order.js';
import type { Lots, Ticks } from '../../market/units.js';

/** An order that the venue had taken in and that had not ended, as the facts of its stream tell: what a restart puts back. */
export interface RestingOrder {
  readonly ticket: Ticket;
  /** Terms as last amended; `lots` is the total, what has filled included. */
  lots: Lots;
  limit: Ticks | null;
  stop: Ticks | null;
  filled: Lots;
  /** The venue has said that it has it. */
  accepted: boolean;
  triggered: boolean;
  /** When its price was last amended or the mark price triggered it, market time; −Infinity when neither was. Where no bar has closed since, it has yet to meet the market as what it has become. */
  turnedAt: number;
  /** Number of the fact that it has its turn by: the order itself, or an amendment that cost it its place. */
  turn: number;
}

/**
 * Orders that were at the venue, in the order in which their turn comes: that in which they, or the amendments that cost them their places, were sent. `facts` in order, whatever has
 * ended may be among them.
 */
export const restingOrders = (facts: readonly Fact[]): readonly RestingOrder[] => {
  const asked = new Map<OrderId, number[]>();
  const tickets = new Map<OrderId, Ticket>();
  const orders = new Map<OrderId, RestingOrder>();
  const arrived = new Set<RestingOrder>();
  const at = (orderId: OrderId): RestingOrder | undefined => {
    const order = orders.get(orderId);
    if (order) arrived.add(order);
    return order;
  };
  for (const fact of facts)
    switch (fact.type) {
      case 'OrderApproved':
        tickets.set(fact.ticket.orderId, fact.ticket);
        break;
      case 'OrderSubmitted': {
        const ticket = tickets.get(fact.orderId);
        if (!ticket) break;
        const { lots, limit, stop } = ticket;
        orders.set(fact.orderId, {
          ticket,
          lots,
          limit,
          stop,
          filled: 0,
          accepted: false,
          triggered: false,
          turnedAt: -Infinity,
          turn: fact.seq,
        });
        break;
      }
      case 'OrderAccepted': {
        const order = at(fact.orderId);
        if (order) order.accepted = true;
        break;
      }
      case 'OrderTriggered': {
        const order = at(fact.orderId);
        if (!order) break;
        order.triggered = true;
        if (order.ticket.triggerBy === 'mark') order.turnedAt = fact.ts;
        break;
      }
      case 'AmendRequested':
        asked.set(fact.orderId, [...(asked.get(fact.orderId) ?? []), fact.seq]);
        break;
      case 'OrderAmended': {
        const turn = asked.get(fact.orderId)?.shift() ?? fact.seq;
        const order = at(fact.orderId);
        if (!order) break;
        if (fact.limit !== order.limit || fact.stop !== order.stop) order.turnedAt = fact.ts;
        order.lots = fact.lots;
        order.limit = fact.limit;
        order.stop = fact.stop;
        if (!fact.keepsPlace) order.turn = turn;
        break;
      }
      case 'OrderFilled': {
        const order = at(fact.orderId);
        if (order) order.filled += fact.lots;
        break;
      }
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired':
        orders.delete(fact.orderId);
        break;
      default:
    }
  return [...orders.values()].filter(order => arrived.has(order) && order.filled < order.lots).sort((a, b) => a.turn - b.turn);
};
