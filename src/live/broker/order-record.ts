import type { OrderId, Ticket } from '../../events/order.js';
import type { Symbol } from '../../market/instrument.js';
import type { Lots, Ticks } from '../../market/units.js';
import type { Word } from '../word.js';
import type { OrderRef } from '../venue-transport.js';
import { clientIdOf, orderNameOf } from './client-id.js';

/** `approved`: on its way to the wire. `submitted`: it may have left. `unknown`: it left and nothing says what became of it. `working`: the venue has it. */
export type OrderStatus = 'approved' | 'submitted' | 'unknown' | 'working' | 'ended';

/** One order of ours, as the journal tells it. */
export interface OrderRecord {
  /** Whose it is; empty for the broker's own. */
  readonly strategy: string;
  readonly ticket: Ticket;
  status: OrderStatus;
  /** As the venue calls it; null before it said so. */
  venueOrderId: string | null;
  /** Terms as amended; `lots` is the total, what has filled included. */
  lots: Lots;
  limit: Ticks | null;
  stop: Ticks | null;
  /** From fills and nothing else. */
  filled: Lots;
  cancelRequested: boolean;
  /** Amendments without an answer. */
  amending: number;
  triggered: boolean;
  /** Market time of its OrderSubmitted; −1 before. */
  submittedAt: number;
  ended: { readonly how: 'filled' | 'rejected' | 'cancelled' | 'expired'; readonly code: string; readonly ts: number } | null;
}

/** An order as it is when risk has just let it pass. */
export const orderRecord = (strategy: string, ticket: Ticket): OrderRecord => ({
  strategy,
  ticket,
  status: 'approved',
  venueOrderId: null,
  lots: ticket.lots,
  limit: ticket.limit,
  stop: ticket.stop,
  filled: 0,
  cancelRequested: false,
  amending: 0,
  triggered: false,
  submittedAt: -1,
  ended: null,
});

/** Whether it is one of the broker's own: a catastrophe stop, an emergency exit, a flattening order. */
export const isOwn = (record: OrderRecord): boolean => record.strategy === '' && orderNameOf(record.ticket.orderId)?.tag === 'x';

/** A conditional order that waits for its price: of the venue's second id space where it has one. */
export const isConditional = ({ type }: Ticket): boolean => type !== 'market' && type !== 'limit';

/** A stop that can only close: it protects. */
export const isProtective = (ticket: Ticket): boolean =>
  ticket.reduceOnly && (ticket.type === 'stop' || ticket.type === 'trailing-stop' || ticket.type === 'stop-limit');

/** The order as requests name it. */
export const refOf = (record: OrderRecord): OrderRef => ({
  symbol: record.ticket.symbol,
  clientId: clientIdOf(record.ticket.orderId),
  venueId: record.venueOrderId,
  conditional: isConditional(record.ticket),
});

/** Lots still to come, from fills; Infinity for one that closes whatever is held. */
export const remainingOf = ({ ticket, lots, filled }: OrderRecord): Lots => (ticket.closePosition ? Infinity : lots - filled);

/** Books fills of the order: it is over when nothing remains. */
export const fillRecord = (record: OrderRecord, lots: Lots, ts: number): void => {
  record.filled += lots;
  if (record.status === 'ended') return;
  record.status = 'working';
  if (remainingOf(record) <= 0) endRecord(record, 'filled', '', ts);
};

export const endRecord = (record: OrderRecord, how: 'filled' | 'rejected' | 'cancelled' | 'expired', code: string, ts: number): void => {
  if (record.status === 'ended') return;
  record.status = 'ended';
  record.ended = { how, code, ts };
};

type OrderWord =
  Extract<Word, { readonly orderId: OrderId; readonly symbol: Symbol }> | Extract<Word, { type: 'CancelRejected' | 'AmendRejected' }>;

/** What a fact about an order changes in its record; fills are booked by `fillRecord`. */
export const evolveRecord = (record: OrderRecord, word: OrderWord): void => {
  switch (word.type) {
    case 'OrderSubmitted':
      if (record.status === 'approved') record.status = 'submitted';
      record.submittedAt = word.ts;
      return;
    case 'OrderUnknown':
      if (record.status !== 'ended' && record.status !== 'working') record.status = 'unknown';
      return;
    case 'OrderAccepted':
      if (record.status !== 'ended') record.status = 'working';
      record.venueOrderId = word.venueOrderId ?? record.venueOrderId;
      return;
    case 'OrderTriggered':
      record.triggered = true;
      return;
    case 'OrderRejected':
      return endRecord(record, 'rejected', word.code, word.ts);
    case 'OrderCancelled':
      return endRecord(record, 'cancelled', word.code, word.ts);
    case 'OrderExpired':
      return endRecord(record, 'expired', word.code, word.ts);
    case 'CancelRequested':
      record.cancelRequested = true;
      return;
    case 'CancelRejected':
      record.cancelRequested = false;
      return;
    case 'AmendRequested':
      record.amending++;
      return;
    case 'AmendRejected':
      record.amending = Math.max(0, record.amending - 1);
      return;
    case 'OrderAmended':
      record.amending = Math.max(0, record.amending - 1);
      record.lots = word.lots;
      record.limit = word.limit;
      record.stop = word.stop;
      if (record.filled > 0 && remainingOf(record) <= 0) endRecord(record, 'filled', '', word.ts);
      return;
    default:
      return;
  }
};
