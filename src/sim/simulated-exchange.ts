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

  readonly #markets: SymbolMarket[];
  readonly #marketOf = new Map<Symbol, SymbolMarket>();
  readonly #whereabouts = new Map<OrderId, SymbolMarket>();
  readonly #arrivals = new TimeQueue<Arrival>();
  readonly #funding: { readonly tape: Tape; readonly cursor: TapeCursor }[];
  readonly #mark: { readonly tape: Tape; readonly cursor: TapeCursor; price: number }[];
  #next: SymbolMarket | null = null;
  #fundingAt = Infinity;
  #fundingIndex = -1;
  #emit: (event: VenueEvent) => void = () => {};
  #clock: () => number = () => -Infinity;
  #closed = false;
  #closings = 0;

  constructor(
    readonly instruments: readonly Instrument[],
    capital: number,
    readonly rules: ExchangeRules,
  ) {
    this.account = new Account(instruments, capital);
    this.reportLatency = rules.latency.report;
    this.#markets = instruments.map((instrument, i) => new SymbolMarket(i, instrument, this.account.unitsAt(i), rules, this));
    for (const market of this.#markets) this.#marketOf.set(market.instrument.symbol, market);
    const series = (): { tape: Tape; cursor: TapeCursor } => {
      const tape = new Tape();
      return { tape, cursor: tape.cursor() };
    };
    this.#funding = instruments.map(series);
    this.#mark = instruments.map(() => ({ ...series(), price: NaN }));
  }

  connect(sink: (event: VenueEvent) => void, clock: () => number): void {
    this.#emit = sink;
    this.#clock = clock;
  }

  load(chunk: Chunk): void {
    const market = this.#marketOf.get(chunk.symbol);
    if (!market) return;
    if (chunk.kind === 'bars') market.load(chunk, this.#clock());
    else if (chunk.kind === 'funding' && this.rules.funding) this.#funding[market.index]?.tape.append(chunk);
    else if (chunk.kind === 'mark') this.#mark[market.index]?.tape.append(chunk);
    this.#planFunding();
    this.#plan();
  }

  submit(order: Approved<Ticket>): void {
    this.#arrivals.push(this.#clock() + this.rules.latency.order, { submit: order });
    this.#plan();
  }

  cancel(orderId: OrderId): void {
    this.#arrivals.push(this.#clock() + this.rules.latency.cancel, { cancel: orderId });
    this.#plan();
  }

  step(): void {
    const at = this.nextAt;
    switch (this.nextRank) {
      case RANK.arrivals:
        this.#arrive(this.#arrivals.pop(), at);
        break;
      case RANK.funding:
        this.#settleFunding(at);
        break;
      default:
        this.#next?.step();
    }
    this.#plan();
  }

  instant(now: number): void {
    if (this.account.open === 0 || this.#closed) return;
    let equity = this.account.cash / 1e8;
    let maintenance = 0;
    for (const market of this.#markets) {
      const i = market.index;
      if (this.account.lots[i] === 0) continue;
      const notional = this.account.notionalAt(i, market.lastPrice(now));
      equity += notional - (this.account.cost[i] ?? 0) / 1e8;
      maintenance += Math.abs(notional) * market.instrument.maintenanceMarginRate;
    }
    if (equity > maintenance) return;
    this.#emit({ ...openEnvelope(now), type: 'AccountLiquidated', equity: toAmount(equity), maintenance: toAmount(maintenance) });
    for (const market of this.#markets) for (const order of market.working.slice()) market.cancel(order.ticket.orderId, now, 'liquidation');
    this.closeAll(now, 'liquidation');
    this.#closed = true;
    this.#plan();
  }

  closeAll(now: number, code: string): void {
    for (const market of this.#markets) {
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
      const orderId = `${code}-${++this.#closings}`;
      const symbol = market.instrument.symbol;
      this.#emit({ ...openEnvelope(now), type: 'OrderAccepted', orderId, symbol });
      this.#book(market, orderId, buy, lots, price, m, false, true, now);
    }
    this.#plan();
  }

  // The market's side.

  position(market: SymbolMarket): Lots {
    return this.account.lots[market.index] ?? 0;
  }

  affords(market: SymbolMarket, signedLots: Lots, price: Ticks, marketPrice: number): boolean {
    const held = this.position(market);
    const after = Math.abs(held + signedLots);
    if (after <= Math.abs(held)) return true;
    const now = this.#clock();
    const u = market.units;
    let gross = u.quantity(after) * price * u.tickSize;
    let equity = this.account.cash / 1e8;
    for (const other of this.#markets) {
      const i = other.index;
      if (this.account.lots[i] === 0) continue;
      const last = other === market ? marketPrice * u.tickSize : other.lastPrice(now);
      const notional = this.account.notionalAt(i, last);
      equity += notional - (this.account.cost[i] ?? 0) / 1e8;
      if (other !== market) gross += Math.abs(notional);
    }
    return gross <= this.rules.leverage * equity * (1 + 1e-9);
  }

  filled(market: SymbolMarket, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean, ts: number): void {
    this.#book(market, order.ticket.orderId, order.buy, lots, price, marketPrice, maker, !order.filled, ts);
    if (order.remaining === 0) this.#whereabouts.delete(order.ticket.orderId);
  }

  accepted(market: SymbolMarket, order: WorkingOrder, ts: number): void {
    this.#emit({ ...openEnvelope(ts), type: 'OrderAccepted', orderId: order.ticket.orderId, symbol: market.instrument.symbol });
  }

  triggered(market: SymbolMarket, order: WorkingOrder, price: number, ts: number): void {
    this.#emit({ ...openEnvelope(ts), type: 'OrderTriggered', orderId: order.ticket.orderId, symbol: market.instrument.symbol, price });
  }

  ended(market: SymbolMarket, order: WorkingOrder, how: 'rejected' | 'expired' | 'cancelled', code: string, ts: number): void {
    this.#whereabouts.delete(order.ticket.orderId);
    const type = how === 'rejected' ? 'OrderRejected' : how === 'expired' ? 'OrderExpired' : 'OrderCancelled';
    this.#emit({ ...openEnvelope(ts), type, orderId: order.ticket.orderId, symbol: market.instrument.symbol, code });
  }

  #book(
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
    this.#emit({
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

  #arrive(arrival: Arrival, now: number): void {
    if ('submit' in arrival) {
      const { orderId, symbol } = arrival.submit;
      const market = this.#marketOf.get(symbol);
      if (!market || this.#closed) {
        this.#emit({ ...openEnvelope(now), type: 'OrderRejected', orderId, symbol, code: market ? 'liquidated' : 'unknown-symbol' });
        return;
      }
      this.#whereabouts.set(orderId, market);
      market.arrive(arrival.submit, now);
    } else if (!this.#whereabouts.get(arrival.cancel)?.cancel(arrival.cancel, now, 'requested')) {
      this.#emit({ ...openEnvelope(now), type: 'CancelRejected', orderId: arrival.cancel, code: 'not-working' });
    }
  }

  #settleFunding(now: number): void {
    const i = this.#fundingIndex;
    const { cursor } = this.#funding[i] as { cursor: TapeCursor };
    const chunk = cursor.chunk as Chunk;
    const rate = (chunk.columns[0] as Float64Array)[cursor.row] as number;
    cursor.row++;
    const market = this.#markets[i] as SymbolMarket;
    const lots = this.account.lots[i] ?? 0;
    if (lots !== 0) {
      const markPrice = this.#markPrice(i, now);
      const u = market.units;
      const amount = fundingPayment(roundHalfAway(markPrice * u.quantity(lots) * 1e8), rate);
      this.account.pay(amount);
      this.#emit({ ...openEnvelope(now), type: 'FundingSettled', symbol: market.instrument.symbol, rate, lots, markPrice, amount });
    }
    this.#planFunding();
  }

  /** Latest mark price at `now`, or the last traded close where no mark is loaded. */
  #markPrice(i: number, now: number): number {
    const mark = this.#mark[i] as { cursor: TapeCursor; price: number };
    while (mark.cursor.ready()) {
      const chunk = mark.cursor.chunk as Chunk;
      if ((chunk.ts[mark.cursor.row] as number) > now) break;
      mark.price = (chunk.columns[0] as Float64Array)[mark.cursor.row] as number;
      mark.cursor.row++;
    }
    return Number.isNaN(mark.price) ? (this.#markets[i] as SymbolMarket).lastPrice(now) : mark.price;
  }

  #planFunding(): void {
    this.#fundingAt = Infinity;
    for (let i = 0; i < this.#funding.length; i++) {
      const { cursor } = this.#funding[i] as { cursor: TapeCursor };
      if (!cursor.ready()) continue;
      const at = (cursor.chunk as Chunk).ts[cursor.row] as number;
      if (at < this.#fundingAt) {
        this.#fundingAt = at;
        this.#fundingIndex = i;
      }
    }
  }

  #plan(): void {
    this.nextAt = this.#arrivals.nextAt;
    this.nextRank = RANK.arrivals;
    this.#next = null;
    if (this.#fundingAt <= this.nextAt) {
      this.nextAt = this.#fundingAt;
      this.nextRank = RANK.funding;
    }
    for (const market of this.#markets)
      if (market.nextAt < this.nextAt || (market.nextAt === this.nextAt && market.nextRank < this.nextRank)) {
        this.nextAt = market.nextAt;
        this.nextRank = market.nextRank;
        this.#next = market;
      }
  }
}
