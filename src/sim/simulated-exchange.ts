import type { FeeModel } from '../costs/fees.js';
import { fundingPayment, roundHalfAway } from '../costs/funding.js';
import type { SlippageModel } from '../costs/slippage.js';
import { badData } from '../errors.js';
import type { Chunk } from '../events/market.js';
import type { Amendment, OrderId, Ticket } from '../events/order.js';
import { TimeQueue } from '../events/time-queue.js';
import type { Approved } from '../execution/broker.js';
import { openEnvelope, RANK, type SimulatedVenue, type VenueEvent } from '../execution/venue.js';
import type { BookFault } from '../market/book-sync.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { toAmount, toMoney, type Amount, type Lots, type Ticks } from '../market/units.js';
import { Account } from '../portfolio/account.js';
import { MarginBook, type MarginTerms } from '../portfolio/margin-book.js';
import { formatTime } from '../time.js';
import { CarriedLots } from './carried-lots.js';
import { ExchangeMargin, type LiquidationRules } from './exchange-margin.js';
import { feeBasis } from './fee-basis.js';
import { FundingSchedule, type Settlement } from './funding-schedule.js';
import type { LatencyModel } from './latency/latency-model.js';
import { MarkBoard } from './mark-board.js';
import { BarMarket } from './matching/bar-market.js';
import type { Market, MarketHost, TraceEntry } from './matching/market.js';
import type { RestingOrder } from './matching/resting-order.js';
import { slippageAmount } from './matching/slippage-amount.js';
import { TickMarket } from './matching/tick-market.js';
import type { WorkingOrder } from './matching/working-order.js';
import { fundingSettled, orderAccepted, orderEnded, orderFilled } from './venue-words.js';

/** How the account of a simulated exchange is margined. */
export interface ExchangeMarginRules {
  readonly terms: MarginTerms;
  readonly hedge: boolean;
  readonly liquidation: LiquidationRules;
  /** Milliseconds after a settlement during which an opened position still takes part in it. */
  readonly fundingTolerance: number;
}

/** What the simulated exchange assumes. */
export interface ExchangeRules {
  readonly fees: FeeModel;
  readonly slippage: SlippageModel;
  readonly leverage: number;
  readonly latency: LatencyModel;
  /** False leaves funding out, which the run's assumptions then say. */
  readonly funding: boolean;
  /** Null: cross margin at the instrument's flat rate, looked at when bars close. */
  readonly margin: ExchangeMarginRules | null;
  /** Symbols (by index) whose mark prices are in the data: funding without one is an error there. */
  readonly marked: readonly boolean[];
}

/** Makes the market of a symbol, of the depth that the run has data for. */
export type MarketFactory = (index: number, instrument: Instrument, account: Account, host: MarketHost) => Market;

type Arrival = { readonly submit: Ticket } | { readonly cancel: OrderId } | { readonly amend: Amendment };

/**
 * A perpetual-futures exchange on recorded data: orders arrive after a latency, match in the markets of their symbols, pay fees and funding from one account, and are answered after a latency. It keeps
 * its own books, so that what the strategy does not know yet still happens.
 */
export class SimulatedExchange implements SimulatedVenue, MarketHost {
  nextAt = Infinity;
  nextRank: number = RANK.arrivals;
  readonly account: Account;
  /** Hears what happens to orders, for `quantai why`. */
  trace: ((entry: TraceEntry) => void) | null = null;

  private readonly _markets: Market[];
  private readonly _marketOf = new Map<Symbol, Market>();
  private readonly _whereabouts = new Map<OrderId, Market>();
  private readonly _arrivals = new TimeQueue<Arrival>();
  private readonly _funding: FundingSchedule;
  private readonly _marks: MarkBoard;
  private readonly _carried: CarriedLots;
  private readonly _margin: ExchangeMargin | null;
  private readonly _marginBook: MarginBook | null;
  /** A position opened after a settlement may still take part in it. */
  private readonly _settlesLate: boolean;
  private _next: Market | null = null;
  private _reported = -Infinity;
  private _emit: (event: VenueEvent) => void = () => {};
  private _clock: () => number = () => -Infinity;
  private _closed = false;
  private _closings = 0;
  /** Something happened after which the margin must be looked at; and where a wire was reached. */
  private _isDue = false;
  private _tripped = -1;
  private _trippedAt = NaN;
  /** An order that came too late for its position: that of the liquidation which is due. */
  private _overtaken: WorkingOrder | null = null;
  /** When bars opened last. */
  private _openedAt = NaN;

  constructor(
    readonly instruments: readonly Instrument[],
    capital: number,
    readonly rules: ExchangeRules,
    marketOf: MarketFactory,
  ) {
    this.account = new Account(instruments, capital, { hedge: rules.margin?.hedge === true });
    this._markets = instruments.map((instrument, i) => marketOf(i, instrument, this.account, this));
    for (const market of this._markets) this._marketOf.set(market.instrument.symbol, market);
    this._funding = new FundingSchedule(instruments.length);
    this._marks = new MarkBoard(this._markets);
    this._settlesLate = (rules.margin?.fundingTolerance ?? 0) > 0;
    this._marginBook = rules.margin === null ? null : new MarginBook(this.account, rules.margin.terms);
    this._carried = new CarriedLots(this.account, this._marginBook, rules, this._markets);
    this._margin =
      rules.margin === null || this._marginBook === null
        ? null
        : new ExchangeMargin(
            this._marginBook,
            rules.margin.liquidation,
            this._markets,
            {
              close: (slot, lots, orderId, now) => this._closeSlot(slot, lots, orderId, now),
              cancelAll: (now, code) => {
                for (const market of this._markets) this._cancelIn(market, now, code);
              },
              cancelIn: (market, now, code) => this._cancelIn(market, now, code),
              emit: event => this._emit(event),
              end: () => (this._closed = true),
            },
            (i, now) =>
              rules.margin?.liquidation.byMark[i] === true
                ? this._markPriceOf(i, now)
                : this._marketAt(i).priceNow(now, this._openedAt === now),
            (i, below, above, now) => this._marks.watch(i, below, above, now),
          );
  }

  connect(sink: (event: VenueEvent) => void, clock: () => number): void {
    this._emit = sink;
    this._clock = clock;
  }

  reportedAt(ts: number): number {
    const at = ts + this.rules.latency.report(ts);
    return at > this._reported ? (this._reported = at) : this._reported;
  }

  /**
   * Take over positions, cash and the orders that were here, as after a restart of a paper session. Nothing is said of them. What isolated positions had as margin is not known any more: it begins anew, and so
   * do places in queues.
   */
  restore(
    books: { readonly cash: Amount; readonly lots: readonly Lots[]; readonly cost: readonly Amount[] },
    orders: readonly RestingOrder[] = [],
  ): void {
    this.account.restore(books);
    this._isDue = this._margin !== null;
    const now = this._clock();
    for (const order of orders) {
      const market = this._marketOf.get(order.ticket.symbol);
      if (!market) continue;
      this._whereabouts.set(order.ticket.orderId, market);
      market.restore({ ...order, ticket: this._legged(order.ticket) }, now);
    }
    this._marks.plan(now);
    this._plan();
  }

  load(chunk: Chunk): void {
    const market = this._marketOf.get(chunk.symbol);
    if (!market) return;
    if (chunk.kind === 'funding') {
      if (this.rules.funding) this._funding.append(market.index, chunk);
    } else if (chunk.kind === 'mark') {
      this._marks.append(market.index, chunk, this._clock());
    } else market.load(chunk, this._clock());
    this._plan();
  }

  submit(order: Approved<Ticket>): void {
    const now = this._clock();
    this._arrivals.push(now + this.rules.latency.order(now), { submit: order });
    this._plan();
  }

  cancel(orderId: OrderId): void {
    const now = this._clock();
    this._arrivals.push(now + this.rules.latency.cancel(now), { cancel: orderId });
    this._plan();
  }

  amend(amendment: Approved<Amendment>): void {
    const now = this._clock();
    this._arrivals.push(now + this.rules.latency.order(now), { amend: amendment });
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
      case RANK.mark:
        this._newMark(at);
        break;
      case RANK.open:
        this._openedAt = at;
        this._next?.step();
        break;
      default:
        this._next?.step();
    }
    // All symbols jump at one moment: half of a hedge must not be judged at its new price and half at its old one.
    if (this._isDue && !(this._openedAt === at && this._opensAt(at))) this._lookAtMargin(at);
    this._plan();
  }

  instant(now: number): void {
    if (this.account.open === 0 || this._closed) return;
    if (this._margin !== null) return;
    let equity = toMoney(this.account.cash);
    let maintenance = 0;
    for (const market of this._markets) {
      const i = market.index;
      if (this.account.lots[i] === 0) continue;
      const notional = this.account.notionalAt(i, market.lastPrice(now));
      equity += notional - toMoney(this.account.cost[i] ?? 0);
      maintenance += Math.abs(notional) * market.instrument.maintenanceMarginRate;
    }
    if (equity > maintenance) return;
    this._emit({ ...openEnvelope(now), type: 'AccountLiquidated', equity: toAmount(equity), maintenance: toAmount(maintenance) });
    for (const market of this._markets) this._cancelIn(market, now, 'liquidation');
    this.closeAll(now, 'liquidation');
    this._closed = true;
    this._plan();
  }

  closeAll(now: number, code: string): void {
    for (let i = 0; i < this._markets.length; i++)
      for (let slot = i; slot < this.account.lots.length; slot += this._markets.length) {
        const held = this.account.lots[slot] ?? 0;
        if (held === 0 || Number.isNaN(this._marketAt(i).lastPrice(now))) continue;
        this._closeSlot(slot, Math.abs(held), `${code}-${++this._closings}`, now);
      }
    this._plan();
  }

  /** Bars that were walked along finer ones, along their own assumed path, and of these those that their finer bars contradict; over all symbols. */
  walkedBars(): { readonly finer: number; readonly coarse: number; readonly inconsistent: number } {
    const sum = (of: (market: BarMarket) => number): number =>
      this._markets.reduce((total, market) => total + (market instanceof BarMarket ? of(market) : 0), 0);
    return { finer: sum(m => m.finerBars), coarse: sum(m => m.coarseBars), inconsistent: sum(m => m.inconsistent) };
  }

  /** How the order book of each symbol was kept, in symbol order; empty for other depths. */
  bookRecords(): readonly {
    readonly symbol: Symbol;
    readonly applied: number;
    readonly breaks: number;
    readonly first: BookFault | null;
  }[] {
    return this._markets.flatMap(market => {
      const record = market instanceof TickMarket ? market.bookRecord : null;
      return record === null ? [] : [{ symbol: market.instrument.symbol, ...record }];
    });
  }

  /** Price at which a position would be liquidated if nothing else changed, quote currency; NaN when there is none, or no margin model. */
  liquidationPrice(symbol: Symbol, now: number): number {
    const i = this.account.indexOf(symbol);
    return this._margin === null || i < 0 ? NaN : this._margin.liquidationPrice(i, now);
  }

  // The market's side.

  position(market: Market, order: WorkingOrder | null): Lots {
    return order === null ? this.account.net(market.index) : (this.account.lots[this._slotOf(market, order.ticket)] ?? 0);
  }

  carries(market: Market, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean): Lots {
    const slot = this._slotOf(market, order.ticket);
    const held = this.account.lots[slot] ?? 0;
    const isAgainst = held !== 0 && held > 0 !== order.buy;
    if (isAgainst && this._margin?.isDue(slot, this._clock()) === true) {
      // The price jumped past the liquidation price: the venue takes the position before the order has its turn.
      this._isDue = true;
      this._overtaken = order;
      return 0;
    }
    return this._carried.of(market, slot, { buy: order.buy, lots, price, marketPrice, maker, first: !order.filled }, this._clock());
  }

  filled(market: Market, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean, ts: number): void {
    const slot = this._slotOf(market, order.ticket);
    this._book(slot, order.ticket.orderId, order.buy, lots, price, marketPrice, maker, !order.filled, ts);
    if (order.remaining === 0) this._whereabouts.delete(order.ticket.orderId);
    this._isDue = this._margin !== null;
  }

  accepted(market: Market, order: WorkingOrder, ts: number): void {
    this._emit(orderAccepted(ts, order.ticket.orderId, market.instrument.symbol));
  }

  triggered(market: Market, order: WorkingOrder, price: number, ts: number): void {
    this._emit({ ...openEnvelope(ts), type: 'OrderTriggered', orderId: order.ticket.orderId, symbol: market.instrument.symbol, price });
  }

  amended(market: Market, order: WorkingOrder, keepsPlace: boolean, ts: number): void {
    const { orderId } = order.ticket;
    const { lots, limit, stop } = order;
    this._emit({ ...openEnvelope(ts), type: 'OrderAmended', orderId, symbol: market.instrument.symbol, lots, limit, stop, keepsPlace });
  }

  amendRejected(_: Market, orderId: OrderId, code: string, ts: number): void {
    this._emit({ ...openEnvelope(ts), type: 'AmendRejected', orderId, code });
  }

  ended(market: Market, order: WorkingOrder, how: 'rejected' | 'expired' | 'cancelled', code: string, ts: number): void {
    this._whereabouts.delete(order.ticket.orderId);
    if (order === this._overtaken) {
      this._overtaken = null;
      this._emit(orderEnded(ts, 'OrderCancelled', order.ticket.orderId, market.instrument.symbol, 'liquidation'));
      return;
    }
    const type = how === 'rejected' ? 'OrderRejected' : how === 'expired' ? 'OrderExpired' : 'OrderCancelled';
    this._emit(orderEnded(ts, type, order.ticket.orderId, market.instrument.symbol, code));
  }

  tripped(market: Market, price: number, ts: number): void {
    this._isDue = true;
    this._margin?.forget(market.index);
    // At an open there may be several, and each market is at its price.
    this._tripped = this._openedAt === ts ? -1 : market.index;
    this._trippedAt = price * market.units.tickSize;
  }

  markPrice(market: Market, now: number): number {
    return this._markPriceOf(market.index, now);
  }

  private _marketAt(i: number): Market {
    return this._markets[i] as Market;
  }

  /** Whether a bar still has to open at this moment. */
  private _opensAt(at: number): boolean {
    return this._markets.some(market => market.nextAt === at && market.nextRank === RANK.open);
  }

  private _slotOf(market: Market, ticket: Ticket): number {
    return this.account.slot(market.index, ticket.positionSide);
  }

  private _cancelIn(market: Market, now: number, code: string): void {
    for (const order of market.working.slice()) market.cancel(order.ticket.orderId, now, code);
  }

  private _closeSlot(slot: number, lots: Lots, orderId: OrderId, now: number): Amount {
    const market = this._marketAt(this.account.symbolOf(slot));
    const buy = (this.account.lots[slot] ?? 0) < 0;
    const before = this.account.cash;
    this._emit(orderAccepted(now, orderId, market.instrument.symbol));
    let first = true;
    // A market that nobody has woken since its bar opened is at that open, too.
    if (this._margin !== null && this._openedAt === now) market.priceNow(now, true);
    market.sweep(buy, lots, now, (n, price, marketPrice) => {
      this._book(slot, orderId, buy, n, price, marketPrice, false, first, now);
      first = false;
    });
    return this.account.cash - before;
  }

  private _book(
    slot: number,
    orderId: OrderId,
    buy: boolean,
    lots: Lots,
    price: Ticks,
    marketPrice: number,
    maker: boolean,
    first: boolean,
    ts: number,
  ): void {
    const i = this.account.symbolOf(slot);
    const market = this._marketAt(i);
    const u = market.units;
    const liquidity = maker ? 'maker' : 'taker';
    const notional = u.notional(price, lots);
    const fee = roundHalfAway(this.rules.fees(feeBasis(u, notional, lots, liquidity, first, ts)));
    const held = this.account.lots[slot] ?? 0;
    const signed = buy ? lots : -lots;
    const realised = this.account.fill(slot, price, signed, fee);
    if (this._marginBook !== null) this._marginBook.booked(slot, held, price, signed);
    const slippage = slippageAmount(u, price, marketPrice, lots);
    const { symbol } = market.instrument;
    const leg = this.account.legOf(slot);
    this._emit(orderFilled(ts, orderId, symbol, buy ? 'buy' : 'sell', price, lots, fee, liquidity, slippage, realised, leg));
    const { fees } = this.rules;
    if (fees.booked !== undefined) fees.booked(feeBasis(u, notional, lots, liquidity, first, ts));
    const tolerance = this.rules.margin?.fundingTolerance ?? 0;
    if (this._settlesLate) this._settleLate(slot, held, signed, tolerance, ts);
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
      market.arrive(this._legged(arrival.submit), now);
      this._marks.plan(this._clock());
    } else if ('amend' in arrival) {
      if (this._whereabouts.get(arrival.amend.orderId)?.amend(arrival.amend, now) !== true)
        this._emit({ ...openEnvelope(now), type: 'AmendRejected', orderId: arrival.amend.orderId, code: 'not-working' });
    } else if (!this._whereabouts.get(arrival.cancel)?.cancel(arrival.cancel, now, 'requested')) {
      this._emit({ ...openEnvelope(now), type: 'CancelRejected', orderId: arrival.cancel, code: 'not-working' });
    }
  }

  /** In hedge mode an order against its own leg can only reduce it. */
  private _legged(ticket: Ticket): Ticket {
    if (!this.account.hedge || ticket.reduceOnly) return ticket;
    return (ticket.side === 'buy') === (ticket.positionSide === 'short') ? { ...ticket, reduceOnly: true } : ticket;
  }

  private _settleFunding(now: number): void {
    const i = this._funding.index;
    if (this.account.open === 0 && !this._settlesLate) return this._funding.pass();
    const settlement = this._funding.settle(this._fundingPrice(i, now));
    let isPaid = false;
    for (let slot = i; slot < this.account.lots.length; slot += this._markets.length) {
      const lots = this.account.lots[slot] ?? 0;
      if (lots === 0) continue;
      this._payFunding(slot, lots, settlement, now);
      isPaid = true;
    }
    if (isPaid) this._isDue = this._margin !== null;
  }

  /** After whatever happened is complete: a market in the middle of a match must not be told to close a position. */
  private _lookAtMargin(now: number): void {
    const index = this._tripped;
    this._isDue = false;
    this._tripped = -1;
    if (!this._closed) this._margin?.check(index, index < 0 ? NaN : this._trippedAt, now);
    this._marks.plan(this._clock());
  }

  private _payFunding(slot: number, lots: Lots, { ts, rate, price: markPrice }: Settlement, now: number): void {
    const { units: u, instrument } = this._marketAt(this.account.symbolOf(slot));
    const { symbol } = instrument;
    if (Number.isNaN(markPrice))
      throw badData(
        'missing-mark',
        `${symbol} was held over the funding of ${formatTime(ts)}, and its mark prices begin later.`,
        'Import mark prices from before the run, start the run later, or leave the mark out of the dataset to settle at the last price.',
      );
    const amount = fundingPayment(roundHalfAway(u.notionalOf(u.quantity(lots), markPrice) * 1e8), rate);
    this.account.pay(amount);
    this._marginBook?.settled(slot, amount);
    this._emit(fundingSettled(now, symbol, rate, lots, markPrice, amount, this.account.legOf(slot)));
  }

  /** A position opened within the venue's tolerance after a settlement takes part in it. */
  private _settleLate(slot: number, held: Lots, signed: Lots, tolerance: number, now: number): void {
    const settlement = this._funding.last(this.account.symbolOf(slot));
    const opened = held * signed >= 0 ? signed : Math.abs(signed) > Math.abs(held) ? signed + held : 0;
    if (opened !== 0 && now - settlement.ts <= tolerance) this._payFunding(slot, opened, settlement, now);
  }

  /** Price that funding is settled at; NaN where the data has mark prices but none by then. */
  private _fundingPrice(i: number, now: number): number {
    const mark = this._marks.priceAt(i, now);
    const isMissing = Number.isNaN(mark) && (this.rules.margin === null || !this.rules.marked[i]);
    return isMissing ? this._marketAt(i).lastPrice(now) : mark;
  }

  /** Latest mark price at `now`, or the last traded close where no mark is loaded. */
  private _markPriceOf(i: number, now: number): number {
    const mark = this._marks.priceAt(i, now);
    return Number.isNaN(mark) ? this._marketAt(i).lastPrice(now) : mark;
  }

  private _newMark(now: number): void {
    const i = this._marks.index;
    const market = this._marketAt(i);
    const price = this._marks.priceAt(i, now);
    if (market.watchesMark) market.marked(price, now);
    if (this.rules.margin?.liquidation.byMark[i] === true && !this._closed) this._margin?.check(i, price, now);
    this._marks.passed(i, now);
  }

  private _plan(): void {
    this.nextAt = this._arrivals.nextAt;
    this.nextRank = RANK.arrivals;
    this._next = null;
    if (this._funding.nextAt <= this.nextAt) {
      this.nextAt = this._funding.nextAt;
      this.nextRank = RANK.funding;
    }
    if (this._marks.nextAt <= this.nextAt) {
      this.nextAt = this._marks.nextAt;
      this.nextRank = RANK.mark;
    }
    for (const market of this._markets)
      if (market.nextAt < this.nextAt || (market.nextAt === this.nextAt && market.nextRank < this.nextRank)) {
        this.nextAt = market.nextAt;
        this.nextRank = market.nextRank;
        this._next = market;
      }
  }
}
