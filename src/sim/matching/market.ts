import type { Chunk } from '../../events/market.js';
import type { Amendment, Ticket } from '../../events/order.js';
import type { Instrument } from '../../market/instrument.js';
import type { Lots, Ticks, Units } from '../../market/units.js';
import type { RestingOrder } from './resting-order.js';
import type { WorkingOrder } from './working-order.js';

/**
 * One symbol's market at the simulated exchange: market data in, matches out. What it knows of the market is its depth: bars, trades and quotes, or the order book. The exchange steps the market
 * whose `nextAt` (then `nextRank`) is least.
 */
export interface Market {
  readonly index: number;
  readonly instrument: Instrument;
  readonly units: Units;
  readonly nextAt: number;
  readonly nextRank: number;
  /** Orders that have not ended, in order of arrival. */
  readonly working: readonly WorkingOrder[];
  /** Market data to walk, before anyone may see it. `now`: everything that ended by then is forgotten. */
  load(chunk: Chunk, now: number): void;
  /** Let the next thing happen. */
  step(): void;
  /** An order reaches the venue. */
  arrive(ticket: Ticket, now: number): void;
  /** An order that was here before a restart is here again, in the turn in which it is given. */
  restore(order: RestingOrder, now: number): void;
  /** Take an order back; false when it is not working here. */
  cancel(orderId: string, now: number, code: string): boolean;
  /** Change a working order (already checked for sense); says itself what came of it through the host. False when it is not working here. */
  amend(amendment: Amendment, now: number): boolean;
  /** The exchange has a new mark price, quote currency: orders that trigger by mark look at it. Only called while `watchesMark`. */
  marked(price: number, now: number): void;
  /** Whether a working order waits for the mark price. */
  readonly watchesMark: boolean;
  /**
   * Call the host's `tripped` when the market first trades at or below `below` or at or above `above` (ticks; −Infinity and Infinity for none): where the account may be liquidated. In force until the
   * next call.
   */
  watch(below: Ticks, above: Ticks, now: number): void;
  /** Last traded price at or before `now`, quote currency; NaN before the first. */
  lastPrice(now: number): number;
  /**
   * Price at `now`, also in the middle of a bar's path, quote currency: what margin is judged by. The last traded price where the depth shows nothing between trades. `opened`: bars that open at `now`
   * have opened.
   */
  priceNow(now: number, opened: boolean): number;
  /** Price range and volume that the cost of closing at `lastPrice` is judged by; NaN where unknown. */
  lastBar(now: number): { readonly high: number; readonly low: number; readonly volume: number };
  /**
   * Close `lots` at once as a taker would, for a liquidation or the end of the data: calls `fill` for each price. All of them are filled: beyond what is displayed at the worst price seen, moved by the
   * slippage model.
   */
  sweep(buy: boolean, lots: Lots, now: number, fill: (lots: Lots, price: Ticks, marketPrice: number) => void): void;
}

/** What a market asks of the exchange that it belongs to. */
export interface MarketHost {
  /** Signed lots held in this market's symbol, of the leg that the order acts on. */
  position(market: Market, order: WorkingOrder | null): Lots;
  /** How many of these lots the account can carry at this price; an order that wants more ends there as expired, `margin`. */
  carries(market: Market, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean): Lots;
  filled(market: Market, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean, ts: number): void;
  accepted(market: Market, order: WorkingOrder, ts: number): void;
  triggered(market: Market, order: WorkingOrder, price: number, ts: number): void;
  /** The order's terms changed; they are the order's `lots`, `limit` and `stop` now. */
  amended(market: Market, order: WorkingOrder, keepsPlace: boolean, ts: number): void;
  amendRejected(market: Market, orderId: string, code: string, ts: number): void;
  ended(market: Market, order: WorkingOrder, how: 'rejected' | 'expired' | 'cancelled', code: string, ts: number): void;
  /** The price that was watched for is reached (ticks, maybe a fraction of one on a path). */
  tripped(market: Market, price: number, ts: number): void;
  /** Mark price now, quote currency; the last price where no mark is loaded. */
  markPrice(market: Market, now: number): number;
  /** What is noted of an order's life, for `quantai why`; null when nobody listens. */
  readonly trace: ((entry: TraceEntry) => void) | null;
}

/** One moment of an order's life at the venue. */
export interface TraceEntry {
  readonly ts: number;
  readonly orderId: string;
  /** `arrived`, `rested`, `queue` (the queue ahead moved), `traded-at` (the market traded at our price), `traded-through`, `triggered`, `amended`, `filled`, `ended`. */
  readonly event: string;
  /** Lots ahead of us in the queue; NaN where not known. */
  readonly ahead: number;
  /** Best prices then, ticks; NaN where not known. */
  readonly bid: number;
  readonly ask: number;
  /** Up to five displayed levels a side, best first, as [ticks, lots]. */
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
  /** Lots and price (ticks) that it is about, when it is about any. */
  readonly lots: number;
  readonly price: number;
  /** One sentence: what happened and why. */
  readonly text: string;
}
