import type { PositionSide, Side, Ticket } from '../../events/order.js';
import type { Lots, Ticks } from '../../market/units.js';

/** An algorithm's own number for one of its orders, counted from 0. */
export type ChildId = number;

/** What an order of an algorithm is for, such as `entry`, `stop` or `slice`. */
export type Role = string;

/** An order that an algorithm wants sent: a ticket without its number and symbol. */
export type ChildOrder = Omit<Ticket, 'orderId' | 'symbol'>;

/** What an algorithm hears. Times are epoch ms. */
export type AlgorithmEvent =
  /** Once, first. */
  | { readonly on: 'start'; readonly now: number }
  /** The time `nextAt` has come. */
  | { readonly on: 'time'; readonly now: number }
  /** The market has traded so many lots since it was last said (not whole where volume is not). */
  | { readonly on: 'volume'; readonly lots: number; readonly now: number }
  | { readonly on: 'filled'; readonly child: ChildId; readonly lots: Lots }
  /** It will fill no more and was not filled whole: taken back, expired, rejected, or never let through (`denied`). */
  | { readonly on: 'ended'; readonly child: ChildId; readonly code: string }
  /** The venue changed it: these are its terms now. */
  | { readonly on: 'amended'; readonly child: ChildId; readonly lots: Lots; readonly limit: Ticks | null; readonly stop: Ticks | null }
  /** Its amendment was refused. */
  | { readonly on: 'amend-rejected'; readonly child: ChildId }
  /** Something filled in the symbol: the account holds so many lots on the algorithm's side now, 0 on the other side. */
  | { readonly on: 'held'; readonly lots: Lots }
  /** Stop: take everything back and close. */
  | { readonly on: 'cancel' };

/** What an algorithm wants done, in this order. */
export type AlgorithmAction =
  | { readonly act: 'place'; readonly child: ChildId; readonly role: Role; readonly order: ChildOrder }
  /** `lots` is the order's new total, what has filled included. */
  | { readonly act: 'amend'; readonly child: ChildId; readonly lots: Lots }
  | { readonly act: 'cancel'; readonly child: ChildId; readonly reason: string }
  /** Nothing more will come of it. */
  | { readonly act: 'close'; readonly code: string };

/**
 * An execution algorithm: a state machine that knows no clock, no market and no account but what it is told. It works by orders over the same gate as every other order, and closes only when none of them
 * can fill any more.
 */
export interface Algorithm {
  /** When it wants to hear of the time, epoch ms; Infinity when it waits for something else. */
  readonly nextAt: number;
  /** It wants to hear of traded volume. */
  readonly countsVolume: boolean;
  /** What its orders have filled of the quantity; of a bracket, what was entered. */
  readonly filled: Lots;
  handle(event: AlgorithmEvent): readonly AlgorithmAction[];
}

/** What all algorithms that work one order have in common. */
export interface WorkTerms {
  readonly side: Side;
  /** Positive. */
  readonly lots: Lots;
  /** No slice trades beyond it; null takes at the market. */
  readonly limit: Ticks | null;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly positionSide: PositionSide | null;
}

/** What becomes of what has not filled when the time is over. */
export type Rest = 'complete' | 'leave';
