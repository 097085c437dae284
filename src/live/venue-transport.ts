import type { OrderType, PositionSide, Side, TimeInForce } from '../events/order.js';
import type { Channel } from '../events/session.js';
import type { MarketKind } from '../events/market.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';

/** An order as a venue is asked for it, in market units that are whole ticks and lots already. */
export interface VenueOrderRequest {
  /** Ours, unique for ever; written to disk before this is sent. */
  readonly clientId: string;
  readonly symbol: Symbol;
  readonly side: Side;
  readonly type: OrderType;
  /** Base units (contracts × contract size); ignored with `closePosition`. */
  readonly quantity: number;
  readonly price: number | null;
  readonly stopPrice: number | null;
  readonly triggerBy: 'last' | 'mark';
  /** For `trailing-stop`: callback as a fraction of the best price, and the price from which it follows. */
  readonly trail: { readonly fraction: number; readonly activation: number | null } | null;
  readonly tif: TimeInForce;
  readonly goodTill: number | null;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly closePosition: boolean;
  readonly positionSide: PositionSide | null;
}

/** `untriggered`: a conditional order that waits for its price. Partly filled orders are `open`. */
export type VenueOrderStatus = 'open' | 'untriggered' | 'filled' | 'cancelled' | 'expired' | 'rejected';

/** An order as the venue has it. */
export interface VenueOrder {
  /** Empty when it was not given one, or the venue does not say. */
  readonly clientId: string;
  /** A string always: venues count beyond 2^53. */
  readonly venueId: string;
  readonly symbol: Symbol;
  readonly side: Side;
  readonly type: OrderType;
  readonly status: VenueOrderStatus;
  readonly quantity: number;
  readonly filled: number;
  readonly price: number | null;
  readonly stopPrice: number | null;
  readonly reduceOnly: boolean;
  readonly closePosition: boolean;
  /** Of the second id space, where the venue has one for conditional orders (Binance's algo orders). */
  readonly conditional: boolean;
  readonly positionSide: PositionSide | null;
  /** Market time of its last change at the venue. */
  readonly updatedAt: number;
}

/** One trade of ours. Identity: (venue, account, symbol, id, venueOrderId). */
export interface VenueExecution {
  readonly id: string;
  readonly venueOrderId: string;
  /** Empty when the venue does not say (Binance's userTrades): the order id tells then. */
  readonly clientId: string;
  readonly symbol: Symbol;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  /** Positive is paid. */
  readonly fee: number;
  readonly feeAsset: string;
  readonly maker: boolean;
  readonly ts: number;
  readonly cause: 'order' | 'liquidation' | 'adl' | 'settlement';
  readonly positionSide: PositionSide | null;
}

export interface VenuePosition {
  readonly symbol: Symbol;
  /** Signed base units; flat positions may be left out. */
  readonly quantity: number;
  readonly entryPrice: number;
  readonly markPrice: number;
  readonly leverage: number;
  readonly marginMode: 'cross' | 'isolated';
  /** NaN when there is none. */
  readonly liquidationPrice: number;
  readonly positionSide: PositionSide | null;
}

export interface VenueBalance {
  readonly asset: string;
  /** Wallet balance, without unrealised profit. */
  readonly wallet: number;
  /** Free for new orders; NaN when the venue does not say. */
  readonly available: number;
}

/** One entry of the venue's ledger of the account. */
export interface VenueIncome {
  readonly id: string;
  readonly kind: 'funding' | 'fee' | 'realised' | 'deposit' | 'withdrawal' | 'transfer' | 'insurance' | 'rebate' | 'other';
  /** Null for what concerns no symbol. */
  readonly symbol: Symbol | null;
  readonly asset: string;
  /** Positive is received. */
  readonly amount: number;
  readonly ts: number;
  /** The execution it belongs to, where the venue says. */
  readonly execution: string | null;
}

/** A symbol's rules as the venue states them now. */
export interface VenueMarket {
  readonly instrument: Instrument;
  /** False while it is halted, settling or delisted; then only reductions may pass, or nothing at all. */
  readonly trading: boolean;
  readonly minQuantity: number;
  readonly maxQuantity: number;
  /** Rates as fractions, where the venue says. */
  readonly makerFee: number | null;
  readonly takerFee: number | null;
}

/** What may be done with an API key. */
export interface KeyPermissions {
  readonly trade: boolean;
  readonly withdraw: boolean;
  readonly ipRestricted: boolean;
}

/**
 * Why a request failed, by what may be concluded from it:
 * - `refused`: the venue said no with authority; nothing happened. `code` is ours (`margin`, `post-only`, `min-notional`, `would-trigger`, `price-band`, `reduce-only`, `duplicate`, `rejected` …).
 * - `absent`: the venue said with authority that there is no such order.
 * - `ambiguous`: no answer, or one that says nothing (time-out, 5xx, HTML, -1006, -1007): it may have happened.
 * - `limited`: refused for its rate before it was looked at; `until` says when requests may go on.
 * - `clock`: refused for its timestamp before it was looked at.
 * - `unauthorised`: the key is not good for it.
 * - `unavailable`: the venue is in maintenance, or the request never left; nothing happened.
 */
export type FailureKind = 'refused' | 'absent' | 'ambiguous' | 'limited' | 'clock' | 'unauthorised' | 'unavailable';

/** A request failed. The message never holds a signed query, a header or a key. */
export class VenueFailure extends Error {
  override readonly name = 'VenueFailure';
  constructor(
    readonly kind: FailureKind,
    readonly code: string,
    message: string,
    /** Wall time from which requests may go on, for `limited` and `unavailable`; null when not said. */
    readonly until: number | null = null,
  ) {
    super(message);
  }
}

/** Market data as it arrives, in market units; event times are the venue's. */
export type MarketMessage =
  | {
      readonly kind: 'bar';
      readonly symbol: Symbol;
      readonly timeframe: Timeframe;
      readonly openTime: number;
      readonly open: number;
      readonly high: number;
      readonly low: number;
      readonly close: number;
      readonly volume: number;
      /** True when the venue says that it is complete; venues that do not say leave it to the feed. */
      readonly closed: boolean;
      readonly ts: number;
    }
  | {
      readonly kind: 'trade';
      readonly symbol: Symbol;
      readonly id: string;
      readonly price: number;
      readonly quantity: number;
      readonly side: 1 | -1;
      readonly ts: number;
    }
  | {
      readonly kind: 'quote';
      readonly symbol: Symbol;
      readonly bid: number;
      readonly bidSize: number;
      readonly ask: number;
      readonly askSize: number;
      readonly ts: number;
    }
  | {
      readonly kind: 'book';
      readonly symbol: Symbol;
      readonly snapshot: boolean;
      readonly bids: readonly (readonly [price: number, quantity: number])[];
      readonly asks: readonly (readonly [price: number, quantity: number])[];
      /** As KIND_COLUMNS.book has them; NaN where the venue does not count so. */
      readonly firstId: number;
      readonly lastId: number;
      readonly previousId: number;
      readonly ts: number;
    }
  | { readonly kind: 'mark'; readonly symbol: Symbol; readonly price: number; readonly index: number; readonly ts: number }
  /** A settled rate. */
  | { readonly kind: 'funding'; readonly symbol: Symbol; readonly rate: number; readonly interval: number; readonly ts: number }
  /** The rate that the venue expects for the next settlement: never mixed with settled ones. */
  | { readonly kind: 'funding-estimate'; readonly symbol: Symbol; readonly rate: number; readonly nextAt: number; readonly ts: number }
  | { readonly kind: 'open-interest'; readonly symbol: Symbol; readonly value: number; readonly ts: number };

/** What a transport says by itself. */
export type TransportEvent =
  | { readonly event: 'order'; readonly order: VenueOrder }
  | { readonly event: 'execution'; readonly execution: VenueExecution }
  | { readonly event: 'market'; readonly message: MarketMessage }
  /** Account state pushed by the venue: cause for a reconciliation, never booked by itself. */
  | { readonly event: 'account'; readonly reason: string }
  /** A stream came up (again) or went down. What happened meanwhile was not told: back-fill. */
  | { readonly event: 'stream'; readonly channel: Channel; readonly symbol: Symbol | ''; readonly up: boolean; readonly code: string }
  /** The venue said something that cannot be. */
  | {
      readonly event: 'quarantined';
      readonly channel: Channel;
      readonly symbol: Symbol | '';
      readonly code: string;
      readonly text: string;
    };

/** Market data to listen to. */
export interface Subscription {
  readonly kind: Exclude<MarketKind, 'universe' | 'index'>;
  readonly symbol: Symbol;
  /** Bars only. */
  readonly timeframe?: Timeframe;
}

/** Names an order by either id; ours when both are given. `conditional` says which id space, where the venue has two. */
export interface OrderRef {
  readonly symbol: Symbol;
  readonly clientId: string | null;
  readonly venueId: string | null;
  readonly conditional: boolean;
}

/**
 * One account at one venue, as the live side sees it: requests that answer or fail with a `VenueFailure`, and one stream of events. It retries nothing, remembers no orders and draws no conclusions.
 * Implementations: ccxt (`src/live/ccxt`), and the deterministic one below the simulator (`src/practice/rig`). Each request carries `signal`-free time-outs of its own: an answer comes within `timeoutMs`.
 */
export interface VenueTransport {
  readonly venue: string;
  /** Longest time, wall ms, after which a request that was sent can still take effect at the venue (its receive window). */
  readonly receiveWindowMs: number;
  /** Called before anything else: loads markets, learns the clock's offset. */
  open(sink: (event: TransportEvent) => void): Promise<void>;
  close(): Promise<void>;

  markets(): Promise<readonly VenueMarket[]>;
  /** The venue's clock, wall ms. */
  serverTime(): Promise<number>;
  permissions(): Promise<KeyPermissions | null>;

  submit(request: VenueOrderRequest): Promise<VenueOrder>;
  cancel(order: OrderRef): Promise<VenueOrder | null>;
  /** Replaces price and total quantity of a working limit order; venues without it fail as `refused` with code `unsupported`. */
  amend(order: OrderRef, change: { readonly quantity: number; readonly price: number; readonly side: Side }): Promise<VenueOrder>;
  /** Takes back every order of a symbol; conditional ones too when asked. */
  cancelAll(symbol: Symbol, conditional: boolean): Promise<void>;
  /** Dead man's timer: the venue cancels plain orders of the symbol unless this is called again in time; 0 stops it. False: this venue has none. */
  cancelAllAfter(symbol: Symbol, ms: number): Promise<boolean>;

  order(ref: OrderRef): Promise<VenueOrder>;
  /** Both id spaces. */
  openOrders(symbol: Symbol | null): Promise<readonly VenueOrder[]>;
  /** Executions of a symbol from `since` (market time, inclusive) on, oldest first, complete: pages are followed. */
  executions(symbol: Symbol, since: number): Promise<readonly VenueExecution[]>;
  positions(): Promise<readonly VenuePosition[]>;
  balances(): Promise<readonly VenueBalance[]>;
  income(since: number): Promise<readonly VenueIncome[]>;
  setLeverage(symbol: Symbol, leverage: number): Promise<void>;
  setMarginMode(symbol: Symbol, mode: 'cross' | 'isolated'): Promise<void>;
  /** True: hedge mode. */
  positionMode(): Promise<boolean>;
  setPositionMode(hedge: boolean): Promise<void>;

  /** Start to listen; the answer comes as events. Listening twice is listening once. */
  subscribe(subscriptions: readonly Subscription[]): void;
  /** Drop the connection of a channel and make it anew, because what comes from it is too old. */
  resubscribe(subscription: Subscription): void;
  /** Start or restart the private stream. */
  listen(): void;
  history: VenueHistory;
}

/** Public history. Each call is one request: paging is the caller's. */
export interface VenueHistory {
  /** Complete and running bars that open in [from, to], oldest first, at most `limit`. */
  bars(
    symbol: Symbol,
    timeframe: Timeframe,
    from: number,
    to: number,
    limit: number,
  ): Promise<readonly (readonly [number, number, number, number, number, number])[]>;
  /** [ts, rate]. */
  funding(symbol: Symbol, from: number, to: number, limit: number): Promise<readonly (readonly [number, number])[]>;
  openInterest(
    symbol: Symbol,
    timeframe: Timeframe,
    from: number,
    to: number,
    limit: number,
  ): Promise<readonly (readonly [number, number])[]>;
  /** Bars of the mark or index price: [openTime, open, high, low, close]. */
  referenceBars(
    kind: 'mark' | 'index',
    symbol: Symbol,
    timeframe: Timeframe,
    from: number,
    to: number,
    limit: number,
  ): Promise<readonly (readonly [number, number, number, number, number])[]>;
  trades(
    symbol: Symbol,
    from: number,
    limit: number,
  ): Promise<readonly (readonly [ts: number, price: number, quantity: number, side: number, id: string])[]>;
  /** Hours between settlements, ms. */
  fundingInterval(symbol: Symbol): Promise<number>;
}
