import type { OrderId } from '../../events/order.js';
import { pause } from '../live-clock.js';
import { VenueFailure } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { evolve } from './broker-state.js';
import { clientIdOf } from './client-id.js';
import type { Learn } from './order-hearing.js';
import { refOf, type OrderRecord } from './order-record.js';
import { disowned } from './ownership.js';
import { PRIORITY, WEIGHT } from './request-budget.js';

/** Takes orders back. */
export interface OrderCancels {
  /** Take back an order that has not ended; resolves when it is known to be over, or to be refused. */
  cancel(record: OrderRecord): Promise<void>;
  /** Ask the venue to take it back, whatever we think of it. */
  atVenue(record: OrderRecord): Promise<void>;
  isUnderWay(orderId: OrderId): boolean;
}

export const orderCancels = (
  core: BrokerCore,
  { learn, resolve }: { readonly learn: Learn; readonly resolve: (record: OrderRecord) => Promise<void> },
): OrderCancels => {
  const { ports, config, state, budget } = core;
  const { transport, clock } = ports;
  const cancelling = new Map<OrderId, Promise<void>>();

  const untilKnown = async (record: OrderRecord): Promise<void> => {
    const { orderId } = record.ticket;
    const wasEnded = record.status === 'ended';
    const isOver = (): boolean => core.isClosed || core.isFenced || (!wasEnded && record.status === 'ended');
    for (let wait = config.queryMs; !isOver(); wait = Math.min(wait * 2, config.queryMaxMs)) {
      const askedAt = core.now();
      try {
        const order = await budget.request(
          PRIORITY.cancel,
          WEIGHT.order,
          () => transport.cancel(refOf(record)),
          () => disowned(core, true),
        );
        if (order === null) await resolve(record);
        else learn({ ...order, clientId: clientIdOf(orderId) }, askedAt);
        return;
      } catch (error) {
        if (isOver()) return;
        const said = error instanceof VenueFailure ? error.kind : 'ambiguous';
        // The venue would not: it has ended, or it never was. What it says of the order decides, after its fills.
        if (said === 'refused' || said === 'absent') {
          if (wasEnded) return;
          await resolve(record);
          if (!core.settling.has(orderId) && !isOver() && record.cancelRequested)
            core.say(record.strategy, { type: 'CancelRejected', ts: core.now(), orderId, code: said });
          return;
        }
      }
      await pause(clock, wait);
    }
  };

  const atVenue = (record: OrderRecord): Promise<void> => {
    const { orderId } = record.ticket;
    const running = cancelling.get(orderId);
    if (running) return running;
    const made = untilKnown(record).finally(() => cancelling.delete(orderId));
    cancelling.set(orderId, made);
    return made;
  };

  return {
    atVenue,
    isUnderWay: orderId => cancelling.has(orderId),
    cancel: record => {
      const { orderId, symbol } = record.ticket;
      if (record.status === 'ended') return Promise.resolve();
      evolve(state, { type: 'CancelRequested', ts: core.now(), strategy: record.strategy, symbol, orderId, reason: '' });
      // On its way or unknown: it is taken back once the venue is known to have it; one that waits for its turn does not leave.
      if (core.inFlight.has(orderId)) return Promise.resolve();
      if (record.status !== 'working') return resolve(record).then(() => (record.status === 'working' ? atVenue(record) : undefined));
      return atVenue(record);
    },
  };
};
