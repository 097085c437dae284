import type { Signal } from '../events/forecast.js';
import type { OrderType, PositionSide, TimeInForce } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import type { ExecutionIntent } from './execution-intent.js';

/** Hold `exposure` = signed notional ÷ equity in a symbol. Only a changed target trades. */
export interface TargetIntent {
  readonly intent: 'target';
  readonly symbol: Symbol;
  readonly exposure: number;
  readonly reason: string;
}

/** How a trailing stop follows the best price: `bps` of it or a fixed `distance`, from the start or from `activation` on. Prices in quote currency. */
export interface TrailTerms {
  readonly bps: number | null;
  readonly distance: number | null;
  readonly activation: number | null;
}

/** Send this very order. Quantity in base units, prices in quote currency; rounded to the venue's steps in the safe direction. */
export interface OrderIntent {
  readonly intent: 'order';
  readonly symbol: Symbol;
  readonly side: 'buy' | 'sell';
  readonly type: OrderType;
  /** 0 for `closePosition`. */
  readonly quantity: number;
  readonly limit: number | null;
  readonly stop: number | null;
  readonly tif: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** Your own name for the order, for `cancel` and `amend`; unique among your working orders. */
  readonly id: string | null;
  readonly reason: string;
  // Left out unless they are used.
  /** Trigger price of a take-profit. */
  readonly takeProfit?: number;
  readonly trail?: TrailTerms;
  /** Epoch ms. */
  readonly goodTill?: number;
  readonly triggerBy?: 'mark';
  readonly closePosition?: true;
  readonly positionSide?: PositionSide;
}

/** Take an order back. */
export interface CancelIntent {
  readonly intent: 'cancel';
  readonly id: string;
  readonly reason: string;
}

/** Change a working order; null leaves a part as it is. `quantity` is the order's new total, what has filled included. */
export interface AmendIntent {
  readonly intent: 'amend';
  readonly id: string;
  readonly quantity: number | null;
  readonly limit: number | null;
  /** Of a stop or a take-profit: its trigger price. */
  readonly stop: number | null;
  readonly reason: string;
}

/** Make a trade of this expectation, if it is worth one: entry, stop-loss, take-profit and size are the planner's. */
export interface SignalIntent extends Signal {
  readonly intent: 'signal';
}

export type Intent = TargetIntent | OrderIntent | CancelIntent | AmendIntent | ExecutionIntent | SignalIntent;

/** What a strategy may return: one intent, several, or nothing. */
export type Decision = Intent | readonly Intent[] | undefined | void;

/** Hold this exposure: 1 is long one times equity, −0.5 short half of it, 0 flat. */
export const target = (symbol: Symbol, exposure: number, options?: { reason?: string }): TargetIntent => ({
  intent: 'target',
  symbol,
  exposure,
  reason: options?.reason ?? '',
});

// The first exposure says how the engine keeps the field of all that follow. Begun with whole numbers, the first fraction makes every intent of code that is compiled already one of an old shape, which is brought up to date
// object by object: ten times what a bar costs, for good.
target('', 0.5);

interface OrderTerms {
  symbol: Symbol;
  side: 'buy' | 'sell';
  limit?: number;
  stop?: number;
  /** Trigger price in the order's favour, instead of `stop`. */
  takeProfit?: number;
  /** A trailing stop: one of `bps` of the best price and `distance` in quote currency. */
  trail?: { bps?: number; distance?: number; activation?: number };
  tif?: TimeInForce;
  /** Epoch ms at which the order expires; `tif` becomes `gtd`. */
  goodTill?: number;
  /** The price that a trigger looks at; the last one when left out. */
  triggerBy?: 'mark';
  postOnly?: boolean;
  reduceOnly?: boolean;
  /** For accounts in hedge mode. */
  positionSide?: PositionSide;
  id?: string;
  reason?: string;
}

type Sized = OrderTerms & { quantity: number; closePosition?: false };
type Closing = OrderTerms & { closePosition: true; quantity?: undefined };

const typeOf = ({ limit, stop, takeProfit, trail }: OrderTerms): OrderType => {
  if (trail !== undefined) return 'trailing-stop';
  if (takeProfit !== undefined) return limit === undefined ? 'take-profit' : 'take-profit-limit';
  if (stop !== undefined) return limit === undefined ? 'stop' : 'stop-limit';
  return limit === undefined ? 'market' : 'limit';
};

/** A full ticket that closes whatever is held when it triggers, and has no quantity of its own. */
export function order(ticket: Closing): OrderIntent;
/**
 * A full ticket. Type follows from the prices given: none is a market order, `stop` and `limit` together a stop-limit, `takeProfit` a take-profit (with `limit` a take-profit-limit), `trail` a
 * trailing stop.
 */
export function order(ticket: Sized): OrderIntent;
export function order(ticket: Sized | Closing): OrderIntent {
  const { takeProfit, trail, goodTill, triggerBy, closePosition, positionSide } = ticket;
  return {
    intent: 'order',
    symbol: ticket.symbol,
    side: ticket.side,
    type: typeOf(ticket),
    quantity: ticket.quantity ?? (closePosition === true ? 0 : NaN),
    limit: ticket.limit ?? null,
    stop: ticket.stop ?? null,
    tif: ticket.tif ?? (goodTill === undefined ? 'gtc' : 'gtd'),
    postOnly: ticket.postOnly ?? false,
    reduceOnly: ticket.reduceOnly ?? false,
    id: ticket.id ?? null,
    reason: ticket.reason ?? '',
    ...(takeProfit !== undefined && { takeProfit }),
    ...(trail !== undefined && {
      trail: { bps: trail.bps ?? null, distance: trail.distance ?? null, activation: trail.activation ?? null },
    }),
    ...(goodTill !== undefined && { goodTill }),
    ...(triggerBy !== undefined && { triggerBy }),
    ...(closePosition === true && { closePosition }),
    ...(positionSide !== undefined && { positionSide }),
  };
}

/** Change the working order that you named `id`. `stop` is the trigger price of a stop or a take-profit. */
export const amend = (id: string, change: { quantity?: number; limit?: number; stop?: number; reason?: string }): AmendIntent => ({
  intent: 'amend',
  id,
  quantity: change.quantity ?? null,
  limit: change.limit ?? null,
  stop: change.stop ?? null,
  reason: change.reason ?? '',
});

/** Cancel the working order or the execution that you named `id`. */
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
