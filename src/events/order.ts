import type { FactOf } from './fact.js';
import type { Symbol } from '../market/instrument.js';
import type { Amount, Lots, Ticks } from '../market/units.js';

export type Side = 'buy' | 'sell';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop-limit';
export type TimeInForce = 'gtc' | 'ioc' | 'fok';
export type OrderId = string;

/** A full order ticket in booking units. */
export interface Ticket {
  readonly orderId: OrderId;
  readonly symbol: Symbol;
  readonly side: Side;
  readonly type: OrderType;
  /** Positive. */
  readonly lots: Lots;
  /** Limit price, for `limit` and `stop-limit`. */
  readonly limit: Ticks | null;
  /** Stop price, for `stop` and `stop-limit`. */
  readonly stop: Ticks | null;
  readonly tif: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
}

/** The strategy wants `exposure` (signed notional ÷ equity) in a symbol. Only a changed target becomes a fact. */
export type TargetSet = FactOf<'TargetSet', { symbol: Symbol; exposure: number; reason: string }>;
/** The strategy wants this very order. Quantity and prices as the strategy wrote them. */
export type OrderRequested = FactOf<
  'OrderRequested',
  {
    symbol: Symbol;
    side: Side;
    orderType: OrderType;
    quantity: number;
    limit: number | null;
    stop: number | null;
    tif: TimeInForce;
    postOnly: boolean;
    reduceOnly: boolean;
    /** The strategy's own name for the order, or null. */
    name: string | null;
    reason: string;
  }
>;
/** The strategy wants an order gone. */
export type CancelRequested = FactOf<'CancelRequested', { symbol: Symbol; orderId: OrderId; reason: string }>;
/** Risk let the ticket pass. */
export type OrderApproved = FactOf<'OrderApproved', { ticket: Ticket }>;
/** Risk or the engine said no; nothing was sent. */
export type IntentDenied = FactOf<'IntentDenied', { symbol: Symbol; code: string; text: string }>;
/** The ticket left for the venue. */
export type OrderSubmitted = FactOf<'OrderSubmitted', { orderId: OrderId; symbol: Symbol }>;
/** The venue took the order into its book or is working it. */
export type OrderAccepted = FactOf<'OrderAccepted', { orderId: OrderId; symbol: Symbol }>;
/** The venue refused the order. */
export type OrderRejected = FactOf<'OrderRejected', { orderId: OrderId; symbol: Symbol; code: string }>;
/** A stop was reached. */
export type OrderTriggered = FactOf<'OrderTriggered', { orderId: OrderId; symbol: Symbol; price: Ticks }>;
/** Part or all of the order traded. One per trade. `slippage` is what the fill cost against the path, in amount units. */
export type OrderFilled = FactOf<
  'OrderFilled',
  {
    orderId: OrderId;
    symbol: Symbol;
    side: Side;
    price: Ticks;
    lots: Lots;
    fee: Amount;
    liquidity: 'maker' | 'taker';
    slippage: Amount;
    realised: Amount;
  }
>;
/** Gone because we asked, or because the venue cancels such orders by rule (`code`). */
export type OrderCancelled = FactOf<'OrderCancelled', { orderId: OrderId; symbol: Symbol; code: string }>;
/** Gone because its terms say so. */
export type OrderExpired = FactOf<'OrderExpired', { orderId: OrderId; symbol: Symbol; code: string }>;
/** The cancel came too late or names no order. */
export type CancelRejected = FactOf<'CancelRejected', { orderId: OrderId; code: string }>;

export type OrderFact =
  | TargetSet
  | OrderRequested
  | CancelRequested
  | OrderApproved
  | IntentDenied
  | OrderSubmitted
  | OrderAccepted
  | OrderRejected
  | OrderTriggered
  | OrderFilled
  | OrderCancelled
  | OrderExpired
  | CancelRejected;
