import type { EngineState } from '../engine/engine-memory.js';
import type { WorkingOrder } from '../engine/working-orders.js';
import type { OrderId } from '../events/order.js';
import { amendedBefore } from '../risk/approve.js';
import { restingOrders } from './matching/resting-order.js';
import type { SimulatedExchange } from './simulated-exchange.js';

/**
 * Puts a simulated exchange where an earlier one of the same strategy stopped: positions, cash, and the orders that it had, with their terms as last amended, in the turn that they had. What was on its way
 * there is sent again, in the same order: orders, amendments and cancels without an answer. What no fact tells begins anew: places in queues, the best price that a trailing stop has followed, and how much of
 * its latency a request had behind it.
 */
export const restoreExchange = (venue: SimulatedExchange, state: EngineState, working: readonly WorkingOrder[]): void => {
  const atWork = new Map(working.flatMap(order => (order.isSent ? [[order.ticket.orderId, order]] : [])));
  const resting = restingOrders(state.open).filter(({ ticket }) => atWork.has(ticket.orderId));
  const arrived = new Set(resting.map(({ ticket }) => ticket.orderId));
  venue.restore(state, resting);
  const answered = new Map<OrderId, number>();
  for (const fact of state.open) if (fact.type === 'OrderAmended') answered.set(fact.orderId, (answered.get(fact.orderId) ?? 0) + 1);
  for (const fact of state.open) {
    if (fact.type !== 'OrderSubmitted' && fact.type !== 'AmendRequested' && fact.type !== 'CancelRequested') continue;
    const order = atWork.get(fact.orderId);
    if (!order) continue;
    if (fact.type === 'AmendRequested') {
      // Answers come in order.
      const left = answered.get(fact.orderId) ?? 0;
      if (left === 0) venue.amend(amendedBefore(fact));
      else answered.set(fact.orderId, left - 1);
    } else if (fact.type === 'CancelRequested') venue.cancel(fact.orderId);
    else if (!arrived.has(fact.orderId)) venue.submit(order.ticket);
  }
};
