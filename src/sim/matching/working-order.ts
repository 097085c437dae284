import type { Ticket } from '../../events/order.js';
import type { Lots, Ticks } from '../../market/units.js';

/**
 * An order at the venue. `waiting` has not met a market yet, `resting` is in the book, `stop` waits for its trigger, `taking` is a market order whose rest takes again
 * at the next open, `ended` is done.
 */
export interface WorkingOrder {
  readonly ticket: Ticket;
  readonly buy: boolean;
  remaining: Lots;
  state: 'waiting' | 'resting' | 'stop' | 'taking' | 'ended';
  /** The path price at which it matches next while `resting` or `stop`; NaN otherwise. */
  level: Ticks;
  /** It has rested or filled, so the venue has acknowledged it. */
  accepted: boolean;
  filled: boolean;
}

export const workingOrder = (ticket: Ticket): WorkingOrder => ({
  ticket,
  buy: ticket.side === 'buy',
  remaining: ticket.lots,
  state: 'waiting',
  level: NaN,
  accepted: false,
  filled: false,
});
