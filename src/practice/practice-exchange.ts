import type { Side, TimeInForce } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';
import type {
  MarketMessage,
  OrderRef,
  VenueBalance,
  VenueExecution,
  VenueIncome,
  VenueMarket,
  VenueOrder,
  VenueOrderRequest,
  VenuePosition,
} from '../live/venue-transport.js';

/** An order with everything that a front may have to show of it. */
export interface PracticeOrder extends VenueOrder {
  readonly tif: TimeInForce;
  readonly postOnly: boolean;
  readonly triggerBy: 'last' | 'mark';
  readonly trail: VenueOrderRequest['trail'];
  readonly goodTill: number | null;
  readonly createdAt: number;
  /** Sum of price × quantity of its executions, quote currency. */
  readonly quote: number;
  /** When its trigger was reached; null before, and for orders without one. */
  readonly triggeredAt: number | null;
  /** Venue id of the plain order that this conditional one became, and the other way round. */
  readonly spawned: string | null;
  readonly spawnedBy: string | null;
  readonly cause: VenueExecution['cause'];
  /** Why it ended, as the exchange codes it; empty before, and for what was filled. */
  readonly code: string;
}

/** An execution, with what it realised before its fee, settlement asset. */
export interface PracticeExecution extends VenueExecution {
  readonly realised: number;
}

/** What became of an order: Binance's execution types NEW, AMENDMENT, TRADE and CANCELED or EXPIRED; `triggered` is the conditional order's own. */
export type PracticeOrderChange = 'new' | 'amended' | 'triggered' | 'trade' | 'ended';

/** What an account of the practice exchange sees happen. */
export type PracticeEvent =
  | {
      readonly event: 'order';
      readonly account: string;
      readonly order: PracticeOrder;
      readonly execution: PracticeExecution | null;
      readonly change: PracticeOrderChange;
    }
  /** Balances or positions changed for this reason (`ORDER`, `FUNDING_FEE`, `DEPOSIT`, `WITHDRAW`, `TRANSFER`, `ADJUSTMENT`, `LIQUIDATION` …). */
  | {
      readonly event: 'account';
      readonly account: string;
      readonly reason: string;
      readonly symbol: Symbol | null;
      readonly change: number;
    }
  | { readonly event: 'settings'; readonly account: string; readonly symbol: Symbol; readonly leverage: number }
  | { readonly event: 'market'; readonly message: MarketMessage };

/**
 * The exchange said no, or knows no such order. Codes as `VenueFailure` has them: `price-step`, `quantity-step`, `min-quantity`, `max-quantity`, `min-notional`, `price-band`, `post-only`, `would-trigger`, `reduce-only`,
 * `margin`, `duplicate`, `halted`, `position-side`, `max-orders`, `bad-order`, `unknown-symbol`, `leverage`, `settings` (there are orders or a position), `unchanged`, `below-filled`, `unsupported`, `absent`.
 */
export class PracticeRefusal extends Error {
  override readonly name = 'PracticeRefusal';
  constructor(
    readonly kind: 'refused' | 'absent',
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The practice exchange without its wire: accounts, orders in two id spaces, executions, income, filters, funding, margin and liquidation over our simulated exchange, on market time that only `advance` moves.
 * Deterministic: the same calls at the same market times give the same answers, ids included. What it says is the truth that the oracle compares with.
 */
export interface PracticeExchange {
  /** Market time. */
  readonly now: number;
  /** Last moment for which there is data. */
  readonly end: number;
  /** Let market time pass: bars open and close, orders match, funding settles. Events are emitted in order while it does. */
  advance(to: number): void;
  /**
   * Hears every event from now on; returns how to stop. `market`: kinds of market data that are wanted, all when left out; what nobody wants is not made. An event is told when the exchange is in order again, so that
   * orders may be placed while hearing it.
   */
  listen(listener: (event: PracticeEvent) => void, market?: readonly MarketMessage['kind'][]): () => void;

  openAccount(account: string, wallet: number): void;
  markets(): readonly VenueMarket[];
  place(account: string, request: VenueOrderRequest): PracticeOrder;
  cancel(account: string, ref: OrderRef): PracticeOrder;
  amend(account: string, ref: OrderRef, change: { readonly quantity: number; readonly price: number; readonly side: Side }): PracticeOrder;
  /** Takes back every plain order of the symbol, and the conditional ones too when asked. */
  cancelAll(account: string, symbol: Symbol, conditional: boolean): void;
  /** At market time `at` every plain order of the symbol is cancelled; Infinity takes that back. */
  cancelAllAt(account: string, symbol: Symbol, at: number): void;
  /** Also one that has ended: of several with one client id the latest. */
  order(account: string, ref: OrderRef): PracticeOrder;
  /** Of one id space, oldest first. */
  openOrders(account: string, symbol: Symbol | null, conditional: boolean): readonly PracticeOrder[];
  /** Every order ever, oldest first: for the oracle. */
  allOrders(account: string): readonly PracticeOrder[];
  executions(account: string, symbol: Symbol | null, from: number, to: number): readonly PracticeExecution[];
  positions(account: string): readonly VenuePosition[];
  balances(account: string): readonly VenueBalance[];
  income(account: string, from: number, to: number): readonly VenueIncome[];
  leverage(account: string, symbol: Symbol): { readonly leverage: number; readonly marginMode: 'cross' | 'isolated' };
  setLeverage(account: string, symbol: Symbol, leverage: number): void;
  setMarginMode(account: string, symbol: Symbol, mode: 'cross' | 'isolated'): void;

  /** Hedge mode: a symbol has a long and a short position. Changed only without positions and orders. */
  hedge(account: string): boolean;
  setHedge(account: string, hedge: boolean): void;

  /** Complete bars and the running one that open in [from, to], at most `limit` of the newest when `newest`, else of the oldest. */
  bars(
    symbol: Symbol,
    timeframe: Timeframe,
    from: number,
    to: number,
    limit: number,
    newest: boolean,
  ): readonly (readonly [number, number, number, number, number, number])[];
  funding(symbol: Symbol, from: number, to: number, limit: number): readonly (readonly [ts: number, rate: number, mark: number])[];
  /** Public trades from `from` on that have happened, oldest first. */
  trades(symbol: Symbol, from: number, limit: number): readonly Extract<MarketMessage, { kind: 'trade' }>[];
  /** When the next funding is settled, and the rate that is expected (the last one settled); NaN where the data has none. */
  nextFunding(symbol: Symbol): { readonly at: number; readonly rate: number; readonly interval: number };
  /** The book of stated spread and depth around the last price; its `lastId` lies within the next update, as Binance's rule wants. */
  depth(symbol: Symbol, levels: number): Extract<MarketMessage, { kind: 'book' }>;
  lastPrice(symbol: Symbol): number;
  markPrice(symbol: Symbol): number;

  // What happens to an account from outside.
  /** A trade by hand at the last price. */
  manualTrade(account: string, symbol: Symbol, side: Side, quantity: number): void;
  /** The venue closes the position at the mark. */
  liquidate(account: string, symbol: Symbol): void;
  /** Automatic deleveraging of part of a position at the mark. */
  deleverage(account: string, symbol: Symbol, quantity: number): void;
  /** Cash in (+) or out (−). */
  transfer(account: string, amount: number, kind: 'deposit' | 'withdrawal' | 'transfer'): void;
  /**
   * A fee is corrected after its trade is over and done with: paid back (+), or charged in addition (−), settlement asset. Venues enter it by itself and name no execution; what the executions say does not change.
   */
  correctFee(account: string, symbol: Symbol, amount: number): void;
  /** Cancels what is left of an order for a reason of the venue's own. */
  expire(account: string, ref: OrderRef): void;
  /** New price and quantity steps from now on. */
  setSteps(symbol: Symbol, tickSize: number, lotSize: number): void;
  /** Halted symbols take cancels only. */
  setTrading(symbol: Symbol, trading: boolean): void;
  /** The settlement at or after `at` is booked and told so much later, or booked again as a correction to `rate`. */
  disturbFunding(symbol: Symbol, at: number, change: { readonly delayMs?: number; readonly correctedRate?: number }): void;
}
