import type { OrderId } from '../../events/order.js';
import { pause } from '../live-clock.js';
import { VenueFailure } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { clientIdOf } from './client-id.js';
import type { FillDesk } from './fill-desk.js';
import type { Learn } from './order-hearing.js';
import { refOf, type OrderRecord } from './order-record.js';
import { PRIORITY, WEIGHT } from './request-budget.js';

/** Finds out what became of orders. */
export interface OrderEnquiry {
  /** Ask until it is known what became of an order. */
  resolve(record: OrderRecord): Promise<void>;
  /** Monotonic time since which some order has been unknown; Infinity when none is. */
  readonly unknownSince: number;
  /** The order is known, or over: it counts as unknown no more. */
  forget(orderId: OrderId): void;
}

/** How the enquiry tells what it has found. */
export interface EnquiryPorts {
  readonly fills: FillDesk;
  readonly learn: Learn;
  readonly reject: (record: OrderRecord, code: string) => void;
}

export const orderEnquiry = (core: BrokerCore, { fills, learn, reject }: EnquiryPorts): OrderEnquiry => {
  const { ports, config } = core;
  const { transport, clock } = ports;
  const { defences } = config;
  const resolving = new Map<OrderId, Promise<void>>();
  const unknownSince = new Map<OrderId, number>();

  const askUntilKnown = async (record: OrderRecord): Promise<void> => {
    const { ticket } = record;
    const isEnded = (): boolean => record.status === 'ended';
    for (let wait = config.queryMs; !core.isClosed && !core.isFenced && !isEnded(); wait = Math.min(wait * 2, config.queryMaxMs)) {
      // Absent says something only of a question that was asked when the request could not take effect any more.
      const sentAt = core.sentAt.get(ticket.orderId) ?? clock.monotonic();
      core.sentAt.set(ticket.orderId, sentAt);
      const isPast = clock.monotonic() - sentAt > transport.receiveWindowMs + config.windowMarginMs;
      try {
        const { answer, askedAt } = await core.ask(PRIORITY.query, WEIGHT.query, () => transport.order(refOf(record)));
        learn({ ...answer, clientId: clientIdOf(ticket.orderId) }, askedAt);
        return;
      } catch (error) {
        if (core.isClosed || isEnded()) return;
        const isAbsent = error instanceof VenueFailure && error.kind === 'absent';
        const counts = isAbsent ? isPast || !defences.waitReceiveWindow : !defences.absentNeedsAuthority;
        if (counts && (await isGone(record))) return;
      }
      await pause(clock, wait);
    }
  };

  /** The venue knows no such order. Its fills are looked for once more, and then it is over. */
  const isGone = async (record: OrderRecord): Promise<boolean> => {
    const { orderId, symbol } = record.ticket;
    const isEnded = (): boolean => record.status === 'ended';
    if (defences.absentNeedsAuthority)
      try {
        await fills.poll(symbol);
      } catch {
        return false;
      }
    if (core.isClosed || isEnded()) return true;
    // Fills whose order is not named yet may be its own.
    if (fills.hasOrphans(symbol)) return false;
    if (record.filled > 0 || record.status === 'working')
      core.say(record.strategy, { type: 'OrderCancelled', ts: core.now(), orderId, symbol, code: 'absent' });
    else reject(record, 'absent');
    return true;
  };

  return {
    resolve: record => {
      const { orderId } = record.ticket;
      const running = resolving.get(orderId);
      if (running) return running;
      if (record.status !== 'working' && !unknownSince.has(orderId)) unknownSince.set(orderId, clock.monotonic());
      const made = askUntilKnown(record).finally(() => {
        resolving.delete(orderId);
        unknownSince.delete(orderId);
      });
      resolving.set(orderId, made);
      return made;
    },
    forget: orderId => void unknownSince.delete(orderId),
    get unknownSince() {
      let since = Infinity;
      for (const at of unknownSince.values()) since = Math.min(since, at);
      return since;
    },
  };
};
