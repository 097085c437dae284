import type { FeeModel } from '../costs/fees.js';
import { fundingPayment, roundHalfAway } from '../costs/funding.js';
import type { Chunk } from '../events/market.js';
import type { OrderId, Ticket } from '../events/order.js';
import { Tape, type TapeCursor } from '../events/tape.js';
import { TimeQueue } from '../events/time-queue.js';
import type { Approved } from '../execution/broker.js';
import { openEnvelope, RANK, type SimulatedVenue, type VenueEvent } from '../execution/venue.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { toAmount, type Lots, type Ticks } from '../market/units.js';
import { Account } from '../portfolio/account.js';
import { SymbolMarket, type MarketHost, type MatchingRules } from './matching/symbol-market.js';
import type { WorkingOrder } from './matching/working-order.js';

/** What the simulated exchange assumes. */
export interface ExchangeRules extends MatchingRules {
  readonly fees: FeeModel;
  readonly leverage: number;
  readonly latency: { readonly order: number; readonly cancel: number; readonly report: number };
  /** False leaves funding out, which the run's assumptions then say. */
  readonly funding: boolean;
}

type Arrival = { readonly submit: Ticket } | { readonly cancel: OrderId };

/**
 * A perpetual-futures exchange played over bars: orders arrive after a latency, match by docs/matching-rules.md, pay fees and funding from one account, and are
 * answered after a latency. It keeps its own books, so that what the strategy does not know yet still happens.
 */
export class SimulatedExchange implements SimulatedVenue, MarketHost {
  nextAt = Infinity;
  nextRank: number = RANK.arrivals;
  readonly reportLatency: number;
  readonly account: Account;

  private readonly _markets: SymbolMarket[];
  private readonly _marketOf = new Map<Symbol, SymbolMarket>();
  private readonly _whereabouts = new Map<OrderId, SymbolMarket>();
  private readonly _arrivals = new TimeQueue<Arrival>();
  private readonly _funding: { readonly tape: Tape; readonly cursor: TapeCursor }[];
  private readonly _mark: { readonly tape: Tape; readonly cursor: TapeCursor; price: number }[];
  private _next: SymbolMarket | null = null;
  private _fundingAt = Infinity;
  private _fundingIndex = -1;
  private _emit: (event: VenueEvent) => void = () => {};
  private _clock: () => number = () => -Infinity;
  private _closed = false;
  private _closings = 0;

  constructor(
    readonly instruments: readonly Instrument[],
    capital: number,
    readonly rules: ExchangeRules,
  ) {
    this.account = new Account(instruments, capital);
    this.reportLatency = rules.latency.report;
    this._markets = instruments.map((instrument, i) => new SymbolMarket(i, instrument, this.account.unitsAt(i), rules, this));
    for (const market of this._markets) this._marketOf.set(market.instrument.symbol, market);
    const series = (): { tape: Tape; cursor: TapeCursor } => {
      const tape = new Tape();
      return { tape, cursor: tape.cursor() };
    };
    this._funding = instruments.map(series);
    this._mark = instruments.map(() => ({ ...series(), price: NaN }));
  }

  connect(sink: (event: VenueEvent) => void, clock: () => number): void {
    this._emit = sink;
    this._clock = clock;
  }

  load(chunk: Chunk): void {
    const market = this._marketOf.get(chunk.symbol);
    if (!market) return;
    if (chunk.kind === 'bars') market.load(chunk, this._clock());
    else if (chunk.kind === 'funding' && this.rules.funding) this._funding[market.index]?.tape.append(chunk);
    else if (chunk.kind === 'mark') this._mark[market.index]?.tape.append(chunk);
    this._planFunding();
    this._plan();
  }

  submit(order: Approved<Ticket>): void {
    this._arrivals.push(this._clock() + this.rules.latency.order, { submit: order });
    this._plan();
  }

  cancel(orderId: OrderId): void {
    this._arrivals.push(this._clock() + this.rules.latency.cancel, { cancel: orderId });
    this._plan();
  }

  step(): void {
    const at = this.nextAt;
    switch (this.nextRank) {
      case RANK.arrivals:
        this._arrive(this._arrivals.pop(), at);
        break;
      case RANK.funding:
        this._settleFunding(at);
        break;
      default:
        this._next?.step();
    }
    this._plan();
  }

  instant(now: number): void {
    if (this.account.open === 0 || this._closed) return;
    let equity = this.account.cash / 1e8;
    let maintenance = 0;
    for (const market of this._markets) {
      const i = market.index;
      if (this.account.lots[i] === 0) continue;
      const notional = this.account.notionalAt(i, market.lastPrice(now));
      equity += notional - (this.account.cost[i] ?? 0) / 1e8;
      maintenance += Math.abs(notional) * market.instrument.maintenanceMarginRate;
    }
    if (equity > maintenance) return;
    this._emit({ ...openEnvelope(now), type: 'AccountLiquidated', equity: toAmount(equity), maintenance: toAmount(maintenance) });
    for (const market of this._markets) for (const order of market.working.slice()) market.cancel(order.ticket.orderId, now, 'liquidation');
    this.closeAll(now, 'liquidation');
    this._closed = true;
    this._plan();
  }

  closeAll(now: number, code: string): void {
    for (const market of this._markets) {
      const i = market.index;
      const held = this.account.lots[i] ?? 0;
      const last = market.lastPrice(now);
      if (held === 0 || Number.isNaN(last)) continue;
      const u = market.units;
      const buy = held < 0;
      const lots = Math.abs(held);
      const slip = this.rules.slippage({ price: last, quantity: u.quantity(lots), ...market.lastBar(now) }) / u.tickSize;
      const m = u.ticks(last);
      const price = buy ? Math.ceil(m + slip - 1e-9) : Math.max(1, Math.floor(m - slip + 1e-9));
      const orderId = `${code}-${++this._closings}`;
      const symbol = market.instrument.symbol;
      this._emit({ ...openEnvelope(now), type: 'OrderAccepted', orderId, symbol });
      this._book(market, orderId, buy, lots, price, m, false, true, now);
    }
    this._plan();
  }

  // The market's side.

  position(market: SymbolMarket): Lots {
    return this.account.lots[market.index] ?? 0;
  }

  carries(market: SymbolMarket, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean): Lots {
    const held = this.position(market);
    const after = (n: Lots): Lots => Math.abs(order.buy ? held + n : held - n);
    if (after(lots) <= Math.abs(held)) return lots;
    const now = this._clock();
    const u = market.units;
    let elsewhere = 0;
    let equity = this.account.cash / 1e8;
    for (const other of this._markets) {
      const i = other.index;
      if (this.account.lots[i] === 0) continue;
      const last = other === market ? marketPrice * u.tickSize : other.lastPrice(now);
      const notional = this.account.notionalAt(i, last);
      equity += notional - (this.account.cost[i] ?? 0) / 1e8;
      if (other !== market) elsewhere += Math.abs(notional);
    }
    const liquidity = maker ? 'maker' : 'taker';
    const slip = Math.abs(price - marketPrice);
    const isCarried = (n: Lots): boolean => {
      if (after(n) <= Math.abs(held)) return true;
      const fee = this.rules.fees({ notional: u.notional(price, n), liquidity, first: !order.filled });
      const cost = Math.max(0, fee / 1e8) + u.quantity(n) * slip * u.tickSize;
      return elsewhere + u.quantity(after(n)) * price * u.tickSize <= this.rules.leverage * (equity - cost) * (1 + 1e-9);
    };
    if (isCarried(lots)) return lots;
    // More lots are never carried more easily once they add to the exposure: halve what is in doubt.
    let carried = held > 0 === order.buy ? 0 : 2 * Math.abs(held);
    let refused = lots;
    while (refused - carried > 1) {
      const middle = carried + Math.floor((refused - carried) / 2);
      if (isCarried(middle)) carried = middle;
      else refused = middle;
    }
    return carried;
  }

  filled(market: SymbolMarket, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean, ts: number): void {
    this._book(market, order.ticket.orderId, order.buy, lots, price, marketPrice, maker, !order.filled, ts);
    if (order.remaining === 0) this._whereabouts.delete(order.ticket.orderId);
  }

  accepted(market: SymbolMarket, order: WorkingOrder, ts: number): void {
    this._emit({ ...openEnvelope(ts), type: 'OrderAccepted', orderId: order.ticket.orderId, symbol: market.instrument.symbol });
  }

  triggered(market: SymbolMarket, order: WorkingOrder, price: number, ts: number): void {
    this._emit({ ...openEnvelope(ts), type: 'OrderTriggered', orderId: order.ticket.orderId, symbol: market.instrument.symbol, price });
  }

  ended(market: SymbolMarket, order: WorkingOrder, how: 'rejected' | 'expired' | 'cancelled', code: string, ts: number): void {
    this._whereabouts.delete(order.ticket.orderId);
    const type = how === 'rejected' ? 'OrderRejected' : how === 'expired' ? 'OrderExpired' : 'OrderCancelled';
    this._emit({ ...openEnvelope(ts), type, orderId: order.ticket.orderId, symbol: market.instrument.symbol, code });
  }

  private _book(
    market: SymbolMarket,
    orderId: OrderId,
    buy: boolean,
    lots: Lots,
    price: Ticks,
    marketPrice: number,
    maker: boolean,
    first: boolean,
    ts: number,
  ): void {
    const liquidity = maker ? 'maker' : 'taker';
    const notional = market.units.notional(price, lots);
    const fee = roundHalfAway(this.rules.fees({ notional, liquidity, first }));
    const realised = this.account.fill(market.index, price, buy ? lots : -lots, fee);
    const slippage = Math.round(Math.abs(price - marketPrice) * market.units.notional(1, lots));
    // Spelled out: a spread would cost more than the rest of the fill.
    this._emit({
      type: 'OrderFilled',
      seq: -1,
      version: 1,
      ts,
      knownAt: ts,
      account: '',
      strategy: '',
      correlationId: -1,
      causationId: -1,
      orderId,
      symbol: market.instrument.symbol,
      side: buy ? 'buy' : 'sell',
      price,
      lots,
      fee,
      liquidity,
      slippage,
      realised,
    });
  }

  private _arrive(arrival: Arrival, now: number): void {
    if ('submit' in arrival) {
      const { orderId, symbol } = arrival.submit;
      const market = this._marketOf.get(symbol);
      if (!market || this._closed) {
        this._emit({ ...openEnvelope(now), type: 'OrderRejected', orderId, symbol, code: market ? 'liquidated' : 'unknown-symbol' });
        return;
      }
      this._whereabouts.set(orderId, market);
      market.arrive(arrival.submit, now);
    } else if (!this._whereabouts.get(arrival.cancel)?.cancel(arrival.cancel, now, 'requested')) {
      this._emit({ ...openEnvelope(now), type: 'CancelRejected', orderId: arrival.cancel, code: 'not-working' });
    }
  }

  private _settleFunding(now: number): void {
    const i = this._fundingIndex;
    const { cursor } = this._funding[i] as { cursor: TapeCursor };
    const chunk = cursor.chunk as Chunk;
    const rate = (chunk.columns[0] as Float64Array)[cursor.row] as number;
    cursor.row++;
    const market = this._markets[i] as SymbolMarket;
    const lots = this.account.lots[i] ?? 0;
    if (lots !== 0) {
      const markPrice = this._markPrice(i, now);
      const u = market.units;
      const amount = fundingPayment(roundHalfAway(markPrice * u.quantity(lots) * 1e8), rate);
      this.account.pay(amount);
      this._emit({ ...openEnvelope(now), type: 'FundingSettled', symbol: market.instrument.symbol, rate, lots, markPrice, amount });
    }
    this._planFunding();
  }

  /** Latest mark price at `now`, or the last traded close where no mark is loaded. */
  private _markPrice(i: number, now: number): number {
    const mark = this._mark[i] as { cursor: TapeCursor; price: number };
    while (mark.cursor.ready()) {
      const chunk = mark.cursor.chunk as Chunk;
      if ((chunk.ts[mark.cursor.row] as number) > now) break;
      mark.price = (chunk.columns[0] as Float64Array)[mark.cursor.row] as number;
      mark.cursor.row++;
    }
    return Number.isNaN(mark.price) ? (this._markets[i] as SymbolMarket).lastPrice(now) : mark.price;
  }

  private _planFunding(): void {
    this._fundingAt = Infinity;
    for (let i = 0; i < this._funding.length; i++) {
      const { cursor } = this._funding[i] as { cursor: TapeCursor };
      if (!cursor.ready()) continue;
      const at = (cursor.chunk as Chunk).ts[cursor.row] as number;
      if (at < this._fundingAt) {
        this._fundingAt = at;
        this._fundingIndex = i;
      }
    }
  }

  private _plan(): void {
    this.nextAt = this._arrivals.nextAt;
    this.nextRank = RANK.arrivals;
    this._next = null;
    if (this._fundingAt <= this.nextAt) {
      this.nextAt = this._fundingAt;
      this.nextRank = RANK.funding;
    }
    for (const market of this._markets)
      if (market.nextAt < this.nextAt || (market.nextAt === this.nextAt && market.nextRank < this.nextRank)) {
        this.nextAt = market.nextAt;
        this.nextRank = market.nextRank;
        this._next = market;
      }
  }
}
