import type { Units } from '../../market/units.js';
import type { VenueOrder } from '../venue-transport.js';
import type { BrokerWord } from './broker-core.js';
import { remainingOf, type OrderRecord } from './order-record.js';

/** What follows from what the venue says of an order. */
export interface Answer {
  readonly words: readonly BrokerWord[];
  /** The venue has filled more than we have booked: its fills must be fetched. */
  readonly needsFills: boolean;
  /** It has ended at the venue, and is over for us only with those fills. */
  readonly waits: boolean;
}

const NOTHING: Answer = { words: [], needsFills: false, waits: false };

/**
 * What to say about an order of ours, from the venue's word and the fills booked. Older news than what is known says nothing: an order that has ended stays so, and how much has filled comes from fills alone.
 * `isRaceSafe` false ends an order on the venue's word, whatever fills are missing.
 */
export const answerTo = (record: OrderRecord, order: VenueOrder, units: Units, ts: number, isRaceSafe: boolean): Answer => {
  const { ticket } = record;
  const { orderId, symbol } = ticket;
  if (record.status === 'ended') return NOTHING;
  const isNew = record.status !== 'working';
  const filled = units.lots(order.filled);
  const needsFills = filled > record.filled || (order.status === 'filled' && record.filled === 0);
  if (order.status === 'rejected' && filled === 0 && isNew)
    return { words: [{ type: 'OrderRejected', ts, orderId, symbol, code: 'rejected' }], needsFills: false, waits: false };
  const words: BrokerWord[] = [];
  if (isNew || record.venueOrderId === null)
    words.push({ type: 'OrderAccepted', ts, orderId, symbol, ...(order.venueId === '' ? {} : { venueOrderId: order.venueId }) });
  if (order.status === 'open' || order.status === 'untriggered') {
    if (order.status === 'open' && order.conditional && ticket.stop !== null && !record.triggered)
      words.push({ type: 'OrderTriggered', ts, orderId, symbol, price: record.stop ?? ticket.stop });
    return { words, needsFills, waits: false };
  }
  if (needsFills && isRaceSafe) return { words, needsFills, waits: true };
  if (remainingOf(record) <= 0) return { words, needsFills, waits: false };
  if (order.status === 'filled')
    words.push({ type: 'OrderCancelled', ts, orderId, symbol, code: ticket.closePosition ? 'position-closed' : 'rounded' });
  else if (order.status === 'cancelled')
    words.push({ type: 'OrderCancelled', ts, orderId, symbol, code: record.cancelRequested ? 'requested' : 'venue' });
  else words.push({ type: 'OrderExpired', ts, orderId, symbol, code: order.status === 'rejected' ? 'rejected' : 'venue' });
  return { words, needsFills, waits: false };
};
