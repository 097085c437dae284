import type { VenueOrder } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { venueKey } from './broker-state.js';
import { orderIdIn, orderNameOf } from './client-id.js';
import type { ExecutionBooking } from './execution-booking.js';
import type { FillDesk } from './fill-desk.js';
import { answerTo } from './order-answer.js';
import type { OrderCancels } from './order-cancels.js';
import type { OrderEnquiry } from './order-enquiry.js';

/** What a hearing hands on to. */
export interface HearingPorts {
  readonly booking: ExecutionBooking;
  readonly fills: () => FillDesk;
  readonly enquiry: () => OrderEnquiry;
  readonly cancels: () => OrderCancels;
}

const STATUSES = new Set<VenueOrder['status']>(['open', 'untriggered', 'filled', 'cancelled', 'expired', 'rejected']);

const isSane = ({ quantity, filled, status }: VenueOrder): boolean =>
  quantity >= 0 && filled >= 0 && Number.isFinite(quantity) && Number.isFinite(filled) && STATUSES.has(status);

/**
 * The venue said this of an order. `askedAt`: market time of the question that it answers, −Infinity for what the stream told. That an order is at work which has ended for us is news only when the question was put
 * after the end: the answer to a submission is often told after the stream has told what became of the order.
 */
export type Learn = (order: VenueOrder, askedAt: number) => void;

export const orderHearing = (core: BrokerCore, { booking, fills, enquiry, cancels }: HearingPorts): Learn => {
  const { ports, config, state } = core;
  const { defences } = config;
  return (order, askedAt) => {
    if (core.isClosed) return;
    const orderId = orderIdIn(order.clientId) ?? state.byVenue.get(venueKey(order.symbol, order.venueId)) ?? null;
    const isOpen = order.status === 'open' || order.status === 'untriggered';
    if (orderId === null) {
      if (isOpen)
        core.alarm(
          'foreign-order',
          true,
          `the account has orders that no session of ours made, such as ${order.venueId} in ${order.symbol}`,
        );
      return;
    }
    const record = state.orders.get(orderId);
    const u = core.unitsOf(order.symbol);
    if (!record || !u) {
      const epoch = orderNameOf(orderId)?.epoch ?? 0;
      // What ended long ago has left the state; what is at work has not.
      if (isOpen || epoch > ports.epoch)
        core.fence(`order ${orderId} is on the account, and the journal does not know it (ours is epoch ${ports.epoch})`);
      return;
    }
    if (defences.validateNumbers && !isSane(order)) {
      void core.record([
        {
          type: 'DataQuarantined',
          ts: core.now(),
          channel: 'private',
          symbol: order.symbol,
          code: 'bad-order',
          text: `order ${orderId}: ${order.filled} of ${order.quantity}, ${order.status}`,
        },
      ]);
      return;
    }
    if (order.venueId !== '') booking.name(order.symbol, order.venueId, orderId);
    if (record.status === 'ended') {
      if (isOpen && record.ended !== null && record.ended.how !== 'filled' && askedAt > record.ended.ts) {
        core.alarm(
          'order-after-end',
          true,
          `order ${orderId} is at work at the venue and had ended for us (${record.ended.code})`,
          'critical',
        );
        void cancels().atVenue(record);
      }
      return;
    }
    enquiry().forget(orderId);
    if (isOpen && record.ticket.reduceOnly && !order.reduceOnly && !order.closePosition) core.unbound.set(orderId, u.lots(order.quantity));
    const answer = answerTo(record, order, u, core.now(), defences.cancelFillRace);
    for (const word of answer.words) {
      if (word.type === 'OrderRejected') core.onRefused(word.code);
      core.say(record.strategy, word);
    }
    if (answer.waits) fills().await(orderId, order);
    if (answer.needsFills && (defences.cancelFillRace || defences.pollExecutions)) void fills().fetchSoon(order.symbol);
    const after = state.orders.get(orderId);
    if (isOpen && after?.cancelRequested === true && !cancels().isUnderWay(orderId) && !core.inFlight.has(orderId))
      void cancels().atVenue(record);
  };
};
