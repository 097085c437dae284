import type { SlippageModel } from '../../costs/slippage.js';
import type { FillConfig } from '../../engine/run-config.js';
import type { Chunk } from '../../events/market.js';
import type { Amendment, Ticket } from '../../events/order.js';
import { RANK } from '../../execution/venue.js';
import type { Instrument } from '../../market/instrument.js';
import type { Lots, Ticks, Units } from '../../market/units.js';
import { refusedAmendment } from './bar-amendment.js';
import { bestLevels } from './book-around.js';
import { BookLiquidity } from './book-liquidity.js';
import type { Liquidity } from './liquidity.js';
import type { Market, MarketHost } from './market.js';
import { pessimisticQueue, queueModel } from './queue/queue-models.js';
import type { QueueModel } from './queue/queue-model.js';
import { joinQueue, queuedOrder, requeue, type QueuedOrder } from './queue/queue-place.js';
import { Offers } from './offers.js';
import { QuoteLiquidity } from './quote-liquidity.js';
import { TradeTape } from './trade-tape.js';
import { followed, hasLimit, hasTrigger, isReached, stays, ticksBetween, trailingTrigger } from './trigger.js';
import type { RestingOrder } from './resting-order.js';
import { orderValue } from './order-value.js';
import { SLACK } from './slack.js';
import { takeUp, waitsToReduce, type WorkingOrder } from './working-order.js';

/** Assumptions of matching on trades and quotes or on the order book. */
export interface TickRules {
  readonly fills: Extract<FillConfig, { kind: 'trades' | 'book' }>;
  /** For what nothing displayed can fill. */
  readonly slippage: SlippageModel;
}

/** While a book was broken nobody knows what was cancelled behind an order. */
const PESSIMISTIC = pessimisticQueue();

/** An idle market that is watched looks no further ahead than so many trades. */
const AHEAD = 256;

/**
 * One symbol's market as its trades and its quotes or order book show it: matches orders by docs/book-matching-rules.md. While no order works and no price is watched it does not step, and catches up
 * with its data when it is asked something.
 */
export class TickMarket implements Market {
  nextAt = Infinity;
  readonly nextRank: number = RANK.path;

  private readonly _trades: TradeTape;
  private readonly _liquidity: Liquidity;
  private readonly _queue: QueueModel;
  private readonly _offers: Offers;
  private _orders: QueuedOrder[] = [];
  private readonly _reached: QueuedOrder[] = [];
  private _below = -Infinity;
  private _above = Infinity;
  /** What is displayed could not be believed at the last message. */
  private _broken = false;
  /** Calls under way: what the host asks for in between is settled by the outermost one. */
  private _depth = 0;

  constructor(
    readonly index: number,
    readonly instrument: Instrument,
    readonly units: Units,
    readonly rules: TickRules,
    readonly host: MarketHost,
  ) {
    const { fills } = rules;
    this._trades = new TradeTape(units);
    this._liquidity = fills.kind === 'book' ? new BookLiquidity(units) : new QuoteLiquidity(units, fills.spreadBps);
    this._queue = queueModel(fills.queue);
    const ownGone = fills.kind === 'book' && !fills.ownImpact ? 0 : 1;
    this._offers = new Offers(this._liquidity, this._trades, units, rules.slippage, ownGone);
  }

  /** How the order book was kept; null for other depths. */
  get bookRecord(): BookLiquidity['record'] | null {
    return this._liquidity instanceof BookLiquidity ? this._liquidity.record : null;
  }

  get working(): readonly WorkingOrder[] {
    return this._orders;
  }

  get watchesMark(): boolean {
    return this._orders.some(order => order.state === 'stop' && order.ticket.triggerBy === 'mark');
  }

  load(chunk: Chunk, now: number): void {
    if (chunk.kind === 'trades') this._trades.load(chunk);
    else if (chunk.kind === (this.rules.fills.kind === 'book' ? 'book' : 'quotes')) this._liquidity.load(chunk);
    else return;
    this._plan();
    this._catchUp(now);
    this._plan();
  }

  lastPrice(now: number): number {
    this._catchUp(now);
    const { price } = this._trades;
    return Number.isNaN(price) ? this._offers.middle * this.units.tickSize : this.units.price(price);
  }

  priceNow(now: number): number {
    return this.lastPrice(now);
  }

  lastBar(now: number): { readonly high: number; readonly low: number; readonly volume: number } {
    this._catchUp(now);
    return this._trades.range;
  }

  arrive(ticket: Ticket, now: number): void {
    this._catchUp(now);
    this._depth++;
    const order = queuedOrder(ticket);
    this._orders.push(order);
    this._note(order, 'arrived', now, order.lots, NaN, 'The order reached the venue.');
    if (goodTill(order) <= now) this._end(order, 'expired', 'gtd', now);
    else this._activate(order, now);
    this._done();
  }

  restore(resting: RestingOrder, now: number): void {
    this._catchUp(now);
    this._depth++;
    const order = queuedOrder(resting.ticket);
    takeUp(order, resting);
    this._orders.push(order);
    this._activate(order, now);
    this._done();
  }

  cancel(orderId: string, now: number, code: string): boolean {
    const order = this._find(orderId);
    if (!order) return false;
    this._end(order, 'cancelled', code, now);
    this._settle();
    return true;
  }

  amend(amendment: Amendment, now: number): boolean {
    const order = this._find(amendment.orderId);
    if (!order) return false;
    this._depth++;
    // A limit at the other side's best price takes: that side is the market price to compare with.
    const m = this._offers.areThere ? this._offers.best(order.buy ? -1 : 1) : NaN;
    const code = refusedAmendment(order, amendment, this.units, this.instrument.minNotional, m);
    if (code === null) this._change(order, amendment, now);
    else this.host.amendRejected(this, amendment.orderId, code, now);
    this._done();
    return true;
  }

  marked(price: number, now: number): void {
    const ticks = ticksBetween(price, this.units.tickSize);
    this._depth++;
    for (const order of this._orders) if (order.state === 'stop' && order.ticket.triggerBy === 'mark') this._follow(order, ticks, now);
    this._done();
  }

  watch(below: Ticks, above: Ticks, now: number): void {
    this._catchUp(now);
    this._below = below;
    this._above = above;
    this._settle();
  }

  sweep(buy: boolean, lots: Lots, now: number, fill: (lots: Lots, price: Ticks, marketPrice: number) => void): void {
    this._catchUp(now);
    this._depth++;
    const isReady = this._offers.areThere;
    const m = isReady ? this._offers.middle : this._last();
    let left = lots;
    let worst = m;
    if (isReady)
      this._offers.walk(buy, lots, buy ? Infinity : -Infinity, (part, price, shown) => {
        if (shown) this._offers.took(buy ? -1 : 1, price, part);
        left -= part;
        worst = price;
        fill(part, price, m);
        return true;
      });
    if (left > 0 && !Number.isNaN(m)) fill(left, this._offers.moved(buy, worst, left, 1), m);
    this._done();
  }

  step(): void {
    const at = this.nextAt;
    this._catchUp(at);
    this._depth++;
    if (this._trades.nextAt === at) this._trade(at);
    else if (this._liquidity.nextAt === at) this._message(at);
    else this._expire(at);
    this._done();
  }

  /** Go through what happened by `now` and before anything that an order or a watched price waits for. */
  private _catchUp(now: number): void {
    if (this._depth > 0) return;
    const liquidity = this._liquidity;
    const trades = this._trades;
    const before = this.nextAt;
    while (liquidity.nextAt <= now && liquidity.nextAt < before) {
      liquidity.apply();
      this._offers.refresh();
    }
    if (!(trades.nextAt <= now && trades.nextAt < before)) return;
    while (trades.nextAt <= now && trades.nextAt < before) {
      const at = trades.nextAt;
      trades.take();
      if (at > liquidity.at) this._offers.traded();
    }
    liquidity.printed(trades.price);
  }

  private _trade(ts: number): void {
    this._trades.take();
    const { price } = this._trades;
    this._liquidity.printed(price);
    if (this._liquidity.valid) this._tradeAgainst(ts);
    this._offers.traded();
    if (!this._liquidity.sized) this._wake(ts);
    this._print(price, ts);
  }

  private _message(ts: number): void {
    const liquidity = this._liquidity;
    liquidity.apply();
    this._offers.refresh();
    if (!liquidity.valid) {
      this._broken = true;
      return;
    }
    this._wake(ts);
    this._broken = false;
    if (Number.isNaN(this._trades.price)) this._print(this._offers.middle, ts);
  }

  /** Orders look at the new display. */
  private _wake(ts: number): void {
    for (const order of this._orders) {
      if (order.state === 'resting') {
        if (requeue(order, this._liquidity, this._broken ? PESSIMISTIC : this._queue) && this.host.trace)
          this._note(order, 'queue', ts, order.ahead, order.limit as number, 'The level before it shrank without a trade.');
        this._meetCrossing(order, ts);
      } else if (order.state === 'waiting') {
        if (this._offers.areThere) this._activate(order, ts);
      } else if (order.state === 'taking' && this._offers.areThere) this._take(order, null, ts);
    }
  }

  /** What triggers look at: the market traded here. */
  private _print(price: number, ts: number): void {
    for (const order of this._orders) if (order.state === 'stop' && order.ticket.triggerBy !== 'mark') this._follow(order, price, ts);
    if (price <= this._below || price >= this._above) {
      this._below = -Infinity;
      this._above = Infinity;
      this.host.tripped(this, price, ts);
    }
  }

  /** The last trade against our resting orders: better prices first, then the queue at its price. */
  private _tradeAgainst(ts: number): void {
    const { price, lots, side } = this._trades;
    const reached = this._reached;
    reached.length = 0;
    for (const order of this._orders) {
      if (order.state !== 'resting') continue;
      const beyond = order.buy ? (order.limit as number) - price : price - (order.limit as number);
      if (!(beyond >= 0)) continue;
      const against = side === (order.buy ? -1 : 1);
      if (!against && (beyond === 0 || this._liquidity.sized)) continue;
      let i = reached.length;
      while (i > 0 && Math.abs((reached[i - 1]!.limit as number) - price) < beyond) i--;
      reached.splice(i, 0, order);
    }
    let rest = lots;
    let gone = 0;
    for (const order of reached) {
      if (order.state !== 'resting') continue;
      if (order.limit !== price) {
        order.ahead = 0;
        this._note(order, 'traded-through', ts, lots, price, 'The market traded beyond its price: the queue before it is gone.');
      } else {
        order.traded += lots;
        if (Number.isNaN(order.ahead)) {
          this._note(order, 'traded-at', ts, lots, price, 'The market traded at its price; what is ahead of it is not known.');
          continue;
        }
        const taken = Math.min(Math.max(0, order.ahead - gone), rest);
        rest -= taken;
        gone += taken;
        order.ahead = Math.max(0, order.ahead - gone);
        this._note(order, 'traded-at', ts, lots, price, 'The market traded at its price: the front of the queue goes first.');
        if (order.ahead > 0) continue;
      }
      rest -= this._make(order, Math.floor(rest + SLACK), ts);
    }
  }

  /** The other side has come to our price: whoever offers there would have traded with us. */
  private _meetCrossing(order: QueuedOrder, ts: number): void {
    const { display, sized } = this._liquidity;
    const side = order.buy ? -1 : 1;
    const limit = order.limit as number;
    let price = order.buy ? display.bestAsk : display.bestBid;
    if (!sized || !(side * price >= side * limit)) return;
    order.ahead = 0;
    for (; side * price >= side * limit && order.state === 'resting'; price = display.next(side, price)) {
      const left = this._offers.left(side, price);
      if (left <= 0) continue;
      this._note(order, 'traded-through', ts, left, price, 'The other side came to its price and would have traded with it.');
      const lots = this._make(order, left, ts);
      if (lots > 0) this._offers.met(side, price, lots);
      if (lots < left) return;
    }
  }

  /** An order meets the market for the first time, or again once there is one. */
  private _activate(order: QueuedOrder, ts: number): void {
    if (!order.accepted && !order.triggered) {
      if (order.reduces && this._reducible(order) === 0) return this._end(order, 'expired', 'reduce-only', ts);
      if (!order.reduces) {
        const price = order.limit ?? order.stop ?? this._last();
        const value = orderValue(this.units, this.units.quantity(order.remaining), price);
        if (value < this.instrument.minNotional * (1 - SLACK)) return this._end(order, 'rejected', 'min-notional', ts);
      }
    }
    if (hasTrigger(order.ticket.type) && !order.triggered) {
      order.state = 'stop';
      order.level = order.stop ?? NaN;
      this._accept(order, ts);
      this._follow(order, this._triggerPrice(order, ts), ts);
    } else this._enter(order, ts);
  }

  /** What the order's trigger looks at now, ticks. */
  private _triggerPrice(order: QueuedOrder, now: number): number {
    return order.ticket.triggerBy === 'mark' ? ticksBetween(this.host.markPrice(this, now), this.units.tickSize) : this._last();
  }

  /** The price that an order's trigger looks at is here now. */
  private _follow(order: QueuedOrder, price: number, ts: number): void {
    const { trail } = order.ticket;
    if (trail) {
      const best = followed(trail, order.buy, order.extreme, price);
      if (!Number.isNaN(best) && best !== order.extreme) {
        order.extreme = best;
        order.stop = trailingTrigger(trail, order.buy, best);
        order.level = order.stop;
      }
    }
    if (order.stop === null || !isReached(order.above, order.stop, price)) return;
    order.level = NaN;
    order.triggered = true;
    this.host.triggered(this, order, price, ts);
    this._note(order, 'triggered', ts, order.remaining, price, 'The price that it waited for is reached.');
    this._enter(order, ts);
  }

  /** A market or limit order, maybe once it was triggered, meets the market. */
  private _enter(order: QueuedOrder, ts: number): void {
    if (hasLimit(order.ticket.type)) this._limit(order, ts);
    else this._take(order, null, ts);
  }

  private _limit(order: QueuedOrder, ts: number): void {
    const limit = order.limit as number;
    const { tif, postOnly } = order.ticket;
    order.level = NaN;
    order.ahead = NaN;
    if (!this._offers.areThere) {
      if (!stays(tif)) return this._end(order, 'expired', 'no-market', ts);
      order.state = 'waiting';
    } else if (this._offers.meet(order.buy, limit)) {
      if (postOnly) this._end(order, 'rejected', 'post-only', ts);
      else this._take(order, limit, ts);
    } else if (stays(tif)) this._rest(order, ts);
    else this._end(order, 'expired', 'not-marketable', ts);
  }

  private _rest(order: QueuedOrder, ts: number): void {
    order.state = 'resting';
    order.level = order.limit as number;
    joinQueue(order, this._liquidity, this._offers);
    this._accept(order, ts);
    this._note(order, 'rested', ts, order.remaining, order.level, 'It rests behind what is displayed at its price.');
  }

  private _accept(order: QueuedOrder, ts: number): void {
    if (order.accepted) return;
    order.accepted = true;
    this.host.accepted(this, order, ts);
  }

  /** New terms for an order. */
  private _change(order: QueuedOrder, amendment: Amendment, now: number): void {
    const limit = amendment.limit ?? order.limit;
    const stop = amendment.stop ?? order.stop;
    const lots = amendment.lots ?? order.lots;
    const waitsAnew = order.state === 'stop' && stop !== order.stop;
    const keepsPlace = limit === order.limit && stop === order.stop && lots <= order.lots;
    order.remaining += lots - order.lots;
    order.lots = lots;
    order.limit = limit;
    order.stop = stop;
    if (!keepsPlace) this._orders = [...this._orders.filter(o => o !== order), order];
    this.host.amended(this, order, keepsPlace, now);
    const place = keepsPlace ? 'It keeps its place.' : 'It loses its place in the queue.';
    this._note(order, 'amended', now, order.remaining, limit ?? stop ?? NaN, place);
    if (order.state === 'resting' && !keepsPlace) this._limit(order, now);
    else if (waitsAnew) {
      order.level = stop ?? NaN;
      this._follow(order, this._triggerPrice(order, now), now);
    }
  }

  /** Lots that an order that only reduces could fill now. */
  private _reducible(order: QueuedOrder): Lots {
    const held = this.host.position(this, order);
    return held !== 0 && held < 0 === order.buy ? Math.min(order.remaining, Math.abs(held)) : 0;
  }

  /** Fill as a taker what is there within the limit `cap`, if there is one. */
  private _take(order: QueuedOrder, cap: Ticks | null, ts: number): void {
    const { ticket, buy } = order;
    if (!this._offers.areThere) {
      if (!stays(ticket.tif)) return this._end(order, 'expired', 'no-market', ts);
      order.state = 'taking';
      return this._accept(order, ts);
    }
    const want = order.reduces ? this._reducible(order) : order.remaining;
    const m = this._offers.middle;
    const within = cap ?? (buy ? Infinity : -Infinity);
    if (ticket.tif === 'fok' && !this._isWhole(order, want, within, m, ts)) return;
    const side = buy ? -1 : 1;
    let isCarried = true;
    this._offers.walk(buy, want, within, (part, price, shown) => {
      const before = order.remaining;
      isCarried = this._fill(order, part, price, m, false, ts);
      if (shown && before > order.remaining) this._offers.took(side, price, before - order.remaining);
      return isCarried && order.state !== 'ended';
    });
    if (isCarried && order.remaining > 0 && order.state !== 'ended') {
      if (!stays(ticket.tif)) this._end(order, 'expired', 'not-filled', ts);
      else {
        this._offers.keepTaken();
        if (order.limit !== null) this._rest(order, ts);
        else {
          order.state = 'taking';
          this._accept(order, ts);
        }
      }
    }
    this._dropReducers(ts);
  }

  /** Whether all of a fill-or-kill order fills at once; it ends where not. */
  private _isWhole(order: QueuedOrder, want: Lots, within: Ticks, m: number, ts: number): boolean {
    let there = 0;
    let worst = m;
    this._offers.walk(order.buy, want, within, (part, price) => {
      there += part;
      worst = price;
      return true;
    });
    if (there < (order.ticket.closePosition ? want : order.remaining)) this._end(order, 'expired', 'not-filled', ts);
    else if (this.host.carries(this, order, want, worst, m, false) < want) this._end(order, 'expired', 'margin', ts);
    else return true;
    return false;
  }

  /** Fill a resting order at its limit with at most so many lots; gives how many it was. */
  private _make(order: QueuedOrder, most: Lots, ts: number): Lots {
    const want = Math.min(order.reduces ? this._reducible(order) : order.remaining, most);
    if (want <= 0) return 0;
    const before = order.remaining;
    this._fill(order, want, order.limit as number, order.limit as number, true, ts);
    const lots = before - order.remaining;
    this._dropReducers(ts);
    return lots;
  }

  /** Book a fill of what the account can carry; false when that was not all and the order ended for want of margin. */
  private _fill(order: QueuedOrder, wanted: Lots, price: Ticks, m: number, maker: boolean, ts: number): boolean {
    const carried = this.host.carries(this, order, wanted, price, m, maker);
    const lots = carried < wanted && order.ticket.tif === 'fok' ? 0 : carried;
    if (lots > 0) {
      order.remaining -= lots;
      this.host.filled(this, order, lots, price, m, maker, ts);
      order.filled = true;
      order.accepted = true;
      this._note(order, 'filled', ts, lots, price, maker ? 'A taker traded with it.' : 'It took what was displayed.');
      if (order.remaining === 0) {
        order.state = 'ended';
        order.level = NaN;
      } else if (order.ticket.closePosition && this._reducible(order) === 0) this._end(order, 'cancelled', 'position-closed', ts);
    }
    if (lots === wanted) return true;
    if (order.state !== 'ended') this._end(order, 'expired', 'margin', ts);
    return false;
  }

  /** A position that is gone or turned leaves nothing to reduce for the orders that wait to reduce it. */
  private _dropReducers(ts: number): void {
    for (const order of this._orders)
      if (waitsToReduce(order) && this._reducible(order) === 0) this._end(order, 'cancelled', 'reduce-only', ts);
  }

  private _end(order: QueuedOrder, how: 'rejected' | 'expired' | 'cancelled', code: string, ts: number): void {
    order.state = 'ended';
    order.level = NaN;
    this.host.ended(this, order, how, code, ts);
    this._note(order, 'ended', ts, order.remaining, NaN, `It was ${how}: ${code}.`);
  }

  private _expire(at: number): void {
    for (const order of this._orders) if (order.state !== 'ended' && goodTill(order) <= at) this._end(order, 'expired', 'gtd', at);
  }

  /** Last traded price in ticks, before the first trade the middle of the market. */
  private _last(): number {
    const { price } = this._trades;
    return Number.isNaN(price) ? this._offers.middle : price;
  }

  private _note(order: QueuedOrder, event: string, ts: number, lots: number, price: number, text: string): void {
    const { trace } = this.host;
    if (trace === null) return;
    const { display } = this._liquidity;
    const [bids, asks] = [bestLevels(display, 1, 5), bestLevels(display, -1, 5)];
    const { orderId } = order.ticket;
    trace({ ts, orderId, event, ahead: order.ahead, bid: display.bestBid, ask: display.bestAsk, bids, asks, lots, price, text });
  }

  private _find(orderId: string): QueuedOrder | undefined {
    return this._orders.find(order => order.ticket.orderId === orderId && order.state !== 'ended');
  }

  private _done(): void {
    this._depth--;
    this._settle();
  }

  private _settle(): void {
    if (this._depth > 0) return;
    for (const order of this._orders)
      if (order.state === 'ended') {
        this._orders = this._orders.filter(o => o.state !== 'ended');
        break;
      }
    this._plan();
  }

  /** Find out when something happens here next. */
  private _plan(): void {
    const trades = this._trades;
    let at = Math.min(trades.nextAt, this._liquidity.nextAt);
    if (this._orders.length > 0) {
      for (const order of this._orders) at = Math.min(at, goodTill(order));
    } else if (this._below === -Infinity && this._above === Infinity) at = Infinity;
    else if (!Number.isNaN(trades.price)) at = trades.crossing(this._below, this._above, AHEAD);
    this.nextAt = at;
  }
}

const goodTill = ({ ticket }: WorkingOrder): number => (ticket.tif === 'gtd' ? (ticket.goodTill ?? Infinity) : Infinity);
