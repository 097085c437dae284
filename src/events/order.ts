import type { FactOf } from './fact.js';
import type { Symbol } from '../market/instrument.js';
import type { Amount, Lots, Ticks } from '../market/units.js';

export type Side = 'buy' | 'sell';
/**
 * `stop` and `take-profit` become market orders when their trigger price (`Ticket.stop`) is reached: a stop against the order (a buy above the market), a take-profit in its favour (a buy
 * below). The `-limit` forms become limit orders instead. A `trailing-stop` is a stop whose trigger follows the best price since it was taken.
 */
export type OrderType = 'market' | 'limit' | 'stop' | 'stop-limit' | 'take-profit' | 'take-profit-limit' | 'trailing-stop';
/** Good till cancelled, immediate or cancel, fill or kill, good till a date. */
export type TimeInForce = 'gtc' | 'ioc' | 'fok' | 'gtd';
export type OrderId = string;
/** In hedge mode a symbol has a long and a short position, and each order names the one it acts on. */
export type PositionSide = 'long' | 'short';

/** How a trailing stop follows the price: exactly one of `bps` (of the best price since it was taken) and `distance` is given. */
export interface Trail {
  readonly bps: number | null;
  readonly distance: Ticks | null;
  /** Nothing is followed before the price has been here; null follows from the start. */
  readonly activation: Ticks | null;
}

/** Lots of a close-position order: whatever is held when it fills, and then it is done. */
export const CLOSE_ALL: Lots = 1_000_000_000_000;

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
  // What few orders have is left out of the others: a journal and a fingerprint from before it stay as they are.
  /** Epoch ms at which a `gtd` order expires. */
  readonly goodTill?: number;
  /** The trigger looks at the mark price; at the last price when left out. */
  readonly triggerBy?: 'mark';
  /** For `trailing-stop`. */
  readonly trail?: Trail;
  /** Closes whatever is held when it triggers: reduce-only, and `lots` is `CLOSE_ALL`. */
  readonly closePosition?: true;
  /** Hedge mode only. */
  readonly positionSide?: PositionSide;
}

/** What an amendment changes; null leaves a part as it is. `lots` is the order's new total, what has filled included. */
export interface Amendment {
  readonly orderId: OrderId;
  readonly lots: Lots | null;
  readonly limit: Ticks | null;
  readonly stop: Ticks | null;
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
    /** As in the ticket. Prices of `trail` are in quote currency. */
    goodTill?: number;
    triggerBy?: 'mark';
    trail?: { readonly bps: number | null; readonly distance: number | null; readonly activation: number | null };
    closePosition?: true;
    positionSide?: PositionSide;
  }
>;
/** The strategy wants an order changed; null leaves a part as it is. In booking units. */
export type AmendRequested = FactOf<
  'AmendRequested',
  { symbol: Symbol; orderId: OrderId; lots: Lots | null; limit: Ticks | null; stop: Ticks | null; reason: string }
>;
/** The venue changed the order: these are its terms now. It keeps its place in the queue when only its size went down. */
export type OrderAmended = FactOf<
  'OrderAmended',
  { orderId: OrderId; symbol: Symbol; lots: Lots; limit: Ticks | null; stop: Ticks | null; keepsPlace: boolean }
>;
/** The amendment came too late, names no order, or cannot be. */
export type AmendRejected = FactOf<'AmendRejected', { orderId: OrderId; code: string }>;
/** The strategy wants an order gone. */
export type CancelRequested = FactOf<'CancelRequested', { symbol: Symbol; orderId: OrderId; reason: string }>;
/** Risk let the ticket pass. */
export type OrderApproved = FactOf<'OrderApproved', { ticket: Ticket }>;
/** Risk or the engine said no; nothing was sent. */
export type IntentDenied = FactOf<'IntentDenied', { symbol: Symbol; code: string; text: string }>;
/** The ticket left for the venue. */
export type OrderSubmitted = FactOf<'OrderSubmitted', { orderId: OrderId; symbol: Symbol }>;
/** The venue took the order into its book or is working it. */
export type OrderAccepted = FactOf<
  'OrderAccepted',
  {
    orderId: OrderId;
    symbol: Symbol;
    /** A real venue's own name for the order. */
    venueOrderId?: string;
  }
>;
/** A request left for a real venue and no answer says what became of it: neither taken nor refused until the venue has been asked. */
export type OrderUnknown = FactOf<'OrderUnknown', { orderId: OrderId; symbol: Symbol; code: string }>;
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
    /** Hedge mode only. */
    positionSide?: PositionSide;
    /** A real venue's name for the execution; the same one is never booked twice. */
    execution?: string;
    /** The fee as it was taken, where that was another asset than the settlement asset; `fee` is its value then. */
    feePaid?: { readonly asset: string; readonly amount: Amount };
  }
>;
/** Gone because we asked, or because the venue cancels such orders by rule (`code`). */
export type OrderCancelled = FactOf<'OrderCancelled', { orderId: OrderId; symbol: Symbol; code: string }>;
/** Gone because its terms say so. */
export type OrderExpired = FactOf<'OrderExpired', { orderId: OrderId; symbol: Symbol; code: string }>;
/** The cancel came too late or names no order. */
export type CancelRejected = FactOf<'CancelRejected', { orderId: OrderId; code: string }>;

/** The strategy wants something worked by an execution algorithm or as linked orders: the intent of all orders that it leads to. */
export type ExecutionRequested = FactOf<
  'ExecutionRequested',
  {
    execution: 'bracket' | 'oco' | 'iceberg' | 'twap' | 'vwap' | 'pov';
    symbol: Symbol;
    side: Side;
    /** Base units. */
    quantity: number;
    /** Everything else that was asked for, as canonical JSON. */
    terms: string;
    name: string | null;
    reason: string;
  }
>;
/** The execution is over: nothing more will come of it. `filled` is what its orders filled, in lots. */
export type ExecutionClosed = FactOf<'ExecutionClosed', { symbol: Symbol; code: string; filled: Lots }>;

export type OrderFact =
  | TargetSet
  | OrderRequested
  | CancelRequested
  | OrderApproved
  | IntentDenied
  | OrderSubmitted
  | OrderAccepted
  | OrderUnknown
  | OrderRejected
  | OrderTriggered
  | OrderFilled
  | OrderCancelled
  | OrderExpired
  | CancelRejected
  | AmendRequested
  | OrderAmended
  | AmendRejected
  | ExecutionRequested
  | ExecutionClosed;
