import type { Signal } from '../events/forecast.js';
import type { OrderType, TimeInForce } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';

/** Hold `exposure` = signed notional ÷ equity in a symbol. Only a changed target trades. */
export interface TargetIntent {
  readonly intent: 'target';
  readonly symbol: Symbol;
  readonly exposure: number;
  readonly reason: string;
}

/** Send this very order. Quantity in base units, prices in quote currency; rounded to the venue's steps in the safe direction. */
export interface OrderIntent {
  readonly intent: 'order';
  readonly symbol: Symbol;
  readonly side: 'buy' | 'sell';
  readonly type: OrderType;
  readonly quantity: number;
  readonly limit: number | null;
  readonly stop: number | null;
  readonly tif: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** Your own name for the order, for `cancel`; unique among your working orders. */
  readonly id: string | null;
  readonly reason: string;
}

/** Take an order back. */
export interface CancelIntent {
  readonly intent: 'cancel';
  readonly id: string;
  readonly reason: string;
}

/** Make a trade of this expectation, if it is worth one: entry, stop-loss, take-profit and size are the planner's. */
export interface SignalIntent extends Signal {
  readonly intent: 'signal';
}

export type Intent = TargetIntent | OrderIntent | CancelIntent | SignalIntent;

/** What a strategy may return: one intent, several, or nothing. */
export type Decision = Intent | readonly Intent[] | undefined | void;

/** Hold this exposure: 1 is long one times equity, −0.5 short half of it, 0 flat. */
export const target = (symbol: Symbol, exposure: number, options?: { reason?: string }): TargetIntent => ({
  intent: 'target',
  symbol,
  exposure,
  reason: options?.reason ?? '',
});

/** A full ticket. Type follows from the prices given: none is a market order, `stop` and `limit` together a stop-limit. */
export const order = (ticket: {
  symbol: Symbol;
  side: 'buy' | 'sell';
  quantity: number;
  limit?: number;
  stop?: number;
  tif?: TimeInForce;
  postOnly?: boolean;
  reduceOnly?: boolean;
  id?: string;
  reason?: string;
}): OrderIntent => ({
  intent: 'order',
  symbol: ticket.symbol,
  side: ticket.side,
  type: ticket.stop === undefined ? (ticket.limit === undefined ? 'market' : 'limit') : ticket.limit === undefined ? 'stop' : 'stop-limit',
  quantity: ticket.quantity,
  limit: ticket.limit ?? null,
  stop: ticket.stop ?? null,
  tif: ticket.tif ?? 'gtc',
  postOnly: ticket.postOnly ?? false,
  reduceOnly: ticket.reduceOnly ?? false,
  id: ticket.id ?? null,
  reason: ticket.reason ?? '',
});

/** Cancel the working order that you named `id`. */
export const cancel = (id: string, options?: { reason?: string }): CancelIntent => ({
  intent: 'cancel',
  id,
  reason: options?.reason ?? '',
});

/**
 * What you expect of a symbol over the next `horizon` bars: `long` or `short` with the calibrated probability that this is right, the expected return and its standard deviation (fractions; the
 * mean of a fall is negative), and what else speaks against size (0 nothing … 1 everything). It becomes a trade with a stop-loss and a take-profit if that is worth its costs. `flat` closes the plan at work.
 */
export const signal = (expectation: {
  symbol: Symbol;
  direction: 'long' | 'short' | 'flat';
  confidence: number;
  riskScore?: number;
  horizon: number;
  mean: number;
  sd: number;
  reason?: string;
}): SignalIntent => ({
  intent: 'signal',
  symbol: expectation.symbol,
  direction: expectation.direction,
  confidence: expectation.confidence,
  riskScore: expectation.riskScore ?? 0,
  horizon: expectation.horizon,
  mean: expectation.mean,
  sd: expectation.sd,
  reason: expectation.reason ?? '',
});
