import type { Ticket } from '../../events/order.js';
import type { Lots, Ticks } from '../../market/units.js';
import type { RestingOrder } from './resting-order.js';
import { triggersAbove } from './trigger.js';

/**
 * An order at the venue. `waiting` has not met a market yet, `resting` is in the book, `stop` waits for its trigger, `taking` is a market order whose rest takes again
 * at the next open, `ended` is done.
 */
export interface WorkingOrder {
  readonly ticket: Ticket;
  readonly buy: boolean;
  /** A rising price reaches its trigger; a falling one otherwise. */
  readonly above: boolean;
  /** It may only reduce: by its own terms, or because it acts against the leg that it names. */
  readonly reduces: boolean;
  /** Terms as they are now: an amendment changes them, a trailing stop moves its trigger. */
  lots: Lots;
  limit: Ticks | null;
  stop: Ticks | null;
  remaining: Lots;
  state: 'waiting' | 'resting' | 'stop' | 'taking' | 'ended';
  /** The path price at which it matches next while `resting` or `stop`; NaN otherwise. */
  level: Ticks;
  /** It has rested or filled, so the venue has acknowledged it. */
  accepted: boolean;
  filled: boolean;
  /** Its trigger was reached, so that it is a market or limit order now. */
  triggered: boolean;
  /** Lots ahead of it in the queue at its price while it rests in a book; NaN where that is not known. */
  ahead: Lots;
  /** Best price that a trailing stop has followed, ticks; NaN before its activation. */
  extreme: number;
}

export const workingOrder = (ticket: Ticket): WorkingOrder => ({
  ticket,
  buy: ticket.side === 'buy',
  above: triggersAbove(ticket.type, ticket.side === 'buy'),
  reduces: ticket.reduceOnly || (ticket.positionSide !== undefined && (ticket.positionSide === 'long') !== (ticket.side === 'buy')),
  lots: ticket.lots,
  limit: ticket.limit,
  stop: ticket.stop,
  remaining: ticket.lots,
  state: 'waiting',
  level: NaN,
  accepted: false,
  filled: false,
  triggered: false,
  ahead: NaN,
  extreme: NaN,
});

/** Gives an order the terms and the past of one that was at the venue before a restart. */
export const takeUp = (order: WorkingOrder, { lots, limit, stop, filled, accepted, triggered }: RestingOrder): void => {
  order.lots = lots;
  order.limit = limit;
  order.stop = stop;
  order.remaining = lots - filled;
  order.filled = filled > 0;
  order.accepted = accepted || filled > 0;
  order.triggered = triggered;
};

/** Whether an order waits to reduce a position: one that the venue has taken in, and that has not ended. */
export const waitsToReduce = (order: WorkingOrder): boolean =>
  order.reduces && order.state !== 'ended' && (order.state !== 'waiting' || order.accepted || order.triggered);
