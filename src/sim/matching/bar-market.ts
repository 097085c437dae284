import type { Chunk } from '../../events/market.js';
import type { Amendment, Ticket } from '../../events/order.js';
import { RANK } from '../../execution/venue.js';
import type { Instrument } from '../../market/instrument.js';
import type { Lots, Ticks, Units } from '../../market/units.js';
import type { SlippageModel } from '../../costs/slippage.js';
import { refusedAmendment } from './bar-amendment.js';
import { FinerBars } from './bar-finer.js';
import { lowFirst, type PathModel } from './bar-path.js';
import { BarWalk } from './bar-walk.js';
import { TripWires } from './bar-wires.js';
import type { Market, MarketHost } from './market.js';
import { orderValue } from './order-value.js';
import { followed, hasLimit, hasTrigger, isReached, stays, ticksBetween, trailingTrigger } from './trigger.js';
import type { RestingOrder } from './resting-order.js';
import { SLACK } from './slack.js';
import { slippedPrice } from './slipped-price.js';
import { volumeBudget } from './volume-budget.js';
import { takeUp, waitsToReduce, workingOrder, type WorkingOrder } from './working-order.js';

/** Assumptions of matching on bars. */
export interface BarRules {
  readonly path: PathModel;
  readonly limits: 'through' | 'touch';
  readonly participation: number | null;
  readonly slippage: SlippageModel;
  /** Timeframe of the finer bars that are walked inside those of the run, and of the latter; left out, all bars are the run's. */
  readonly finer?: string;
  readonly timeframe?: string;
  /** A position that is closed inside a bar is closed at the path's price; at the last close when left out. */
  readonly closesOnPath?: boolean;
}

/** Orders on which time, the mark price or the path's turns work too, and not only its price. */
const isWatchful = ({ tif, triggerBy, trail }: Ticket): boolean => tif === 'gtd' || triggerBy === 'mark' || trail !== undefined;

/**
 * One symbol's market on bars: walks the assumed path of its bars and matches orders against it, by docs/matching-rules.md. It does nothing on bars on which no order works
 * and that reach no watched price, so an idle market costs nothing.
 */
export class BarMarket implements Market {
  nextAt = Infinity;
  nextRank: number = RANK.open;

  private readonly _finer: FinerBars | null;
  private readonly _walk: BarWalk;
  private readonly _wires: TripWires;
  private _budget = 0;
  /** Price at which the path matches something next, NaN when its segment ends first. */
  private _match = NaN;
  private _expiring = false;
  private _orders: WorkingOrder[] = [];
  /** Orders for which more than the path's price counts. */
  private _watchful = 0;
  /** Price on the present segment when the wires were last set, NaN where the walk's own price is later. */
  private _wiredAt = NaN;
  /** When a wire was last tripped, and at which price. */
  private readonly _tripped = Float64Array.of(NaN, NaN);
  /** Steps and calls being worked on: what the host asks for meanwhile is planned for at their end. */
  private _depth = 0;

  constructor(
    readonly index: number,
    readonly instrument: Instrument,
    readonly units: Units,
    readonly rules: BarRules,
    readonly host: MarketHost,
  ) {
    this._finer = rules.finer === undefined ? null : new FinerBars();
    this._wires = new TripWires(units);
    this._walk = new BarWalk(units, this._finer, (open, high, low, close, volume) => this._opening(open, high, low, close, volume));
  }

  load(chunk: Chunk, now: number): void {
    if (chunk.kind !== 'bars') return;
    const { finer, timeframe } = this.rules;
    if (this._finer !== null && chunk.timeframe === finer) return this._finer.append(chunk);
    if (timeframe !== undefined && chunk.timeframe !== timeframe) return;
    const walk = this._walk;
    walk.append(chunk);
    this._wires.append(chunk);
    if (this._orders.length === 0) walk.idleTo(now);
    walk.skip(now);
    walk.lastPrice(now);
    const at = walk.chunk;
    if (at !== null) this._wires.pass(at);
    this._plan(now);
  }

  /** Close of the latest bar of the run that ended at or before `now`, before the first such close the path's price; quote currency. */
  lastPrice(now: number): number {
    return this._walk.lastPrice(now);
  }

  priceNow(now: number, opened: boolean): number {
    const walk = this._walk;
    const { tickSize } = this.units;
    if (this._orders.length === 0 && this._depth === 0) {
      const { open, segment } = walk;
      const isOpen = walk.meet(now, opened);
      // What was planned for was on the part of the path that is behind now.
      if (walk.open !== open || walk.segment !== segment) this._plan(now);
      if (isOpen) return walk.price * tickSize;
    } else if (walk.open) return walk.priceAt(now) * tickSize;
    else if (opened && walk.nextOpen() === now) return walk.nextOpenPrice();
    return this.lastPrice(now);
  }

  lastBar(now: number): { readonly high: number; readonly low: number; readonly volume: number } {
    return this._walk.lastBar(now);
  }

  get working(): readonly WorkingOrder[] {
    return this._orders;
  }

  /** Bars of the run that were walked along finer ones. */
  get finerBars(): number {
    return this._walk.finerBars;
  }

  /** Bars of the run that were walked along their assumed path though finer bars were asked for. */
  get coarseBars(): number {
    return this._walk.coarseBars;
  }

  /** Those of them whose finer bars are there and contradict them. */
  get inconsistent(): number {
    return this._walk.inconsistent;
  }

  get watchesMark(): boolean {
    return this._watchful > 0 && this._orders.some(order => order.ticket.triggerBy === 'mark' && !order.triggered);
  }

  arrive(ticket: Ticket, now: number): void {
    this._depth++;
    const order = workingOrder(ticket);
    const isOpen = this._walk.meet(now);
    this._orders.push(order);
    if (isWatchful(ticket)) this._watchful++;
    this._note(
      order,
      'arrived',
      now,
      order.lots,
      isOpen ? this._walk.price : NaN,
      isOpen ? 'It reached the venue while a bar was open.' : 'It reached the venue between bars and waits for the next open.',
    );
    if (ticket.goodTill !== undefined && ticket.tif === 'gtd' && ticket.goodTill <= now) this._end(order, 'expired', 'gtd', now);
    else if (isOpen) this._activate(order, this._walk.price, now);
    this._done(now);
  }

  restore(resting: RestingOrder, now: number): void {
    this._depth++;
    const order = workingOrder(resting.ticket);
    takeUp(order, resting);
    this._orders.push(order);
    if (isWatchful(order.ticket)) this._watchful++;
    const { type, triggerBy, trail } = order.ticket;
    const hasMet = order.accepted && resting.turnedAt < this._walk.closedAt(now);
    if (!hasMet) order.state = 'waiting';
    else if (hasTrigger(type) && !order.triggered) {
      order.state = 'stop';
      // A trailing stop follows anew from the next price on.
      if (trail === undefined && triggerBy !== 'mark') order.level = order.stop ?? NaN;
    } else if (hasLimit(type)) this._rest(order, now);
    else order.state = 'taking';
    this._done(now);
  }

  cancel(orderId: string, now: number, code: string): boolean {
    const order = this._find(orderId);
    if (!order) return false;
    this._depth++;
    this._end(order, 'cancelled', code, now);
    this._done(now);
    return true;
  }

  amend(amendment: Amendment, now: number): boolean {
    const order = this._find(amendment.orderId);
    if (!order) return false;
    this._depth++;
    const isOpen = this._walk.meet(now);
    const code = refusedAmendment(order, amendment, this.units, this.instrument.minNotional, isOpen ? this._walk.price : NaN);
    if (code === null) this._change(order, amendment, isOpen, now);
    else this.host.amendRejected(this, amendment.orderId, code, now);
    this._done(now);
    return true;
  }

  marked(price: number, now: number): void {
    const mark = ticksBetween(price, this.units.tickSize);
    let triggers = false;
    this._depth++;
    for (const order of this._orders.slice()) {
      if (order.ticket.triggerBy !== 'mark' || order.state !== 'stop') continue;
      if (order.stop !== null && isReached(order.above, order.stop, mark)) {
        triggers = true;
        if (this._walk.meet(now)) this._trigger(order, this._walk.price, mark, now);
        else {
          // No market to take from: it meets the next open as what it has become.
          order.triggered = true;
          order.state = 'waiting';
          this.host.triggered(this, order, mark, now);
          this._note(order, 'triggered', now, order.remaining, mark, 'The mark price is there; it trades at the next open.');
        }
      } else this._follow(order, mark);
    }
    if (triggers) this._done(now);
    else this._depth--;
  }

  watch(below: Ticks, above: Ticks, now: number): void {
    const wires = this._wires;
    if (below === wires.below && above === wires.above) return;
    wires.set(below, above);
    this._wiredAt = NaN;
    if (this._depth > 0) return;
    const walk = this._walk;
    if (wires.armed) {
      if (this._orders.length === 0) walk.meet(now);
      else if (walk.open) this._wiredAt = walk.priceAt(now);
    }
    this._plan(now);
  }

  /** Closes where a wire was tripped at `now`, else at the last price (or the path's, by the rules), moved against the account by the slippage model. */
  sweep(buy: boolean, lots: Lots, now: number, fill: (lots: Lots, price: Ticks, marketPrice: number) => void): void {
    const u = this.units;
    const walk = this._walk;
    const isTripped = this._tripped[0] === now;
    const isInside = isTripped || (this.rules.closesOnPath === true && walk.meet(now));
    const m = isTripped ? this._tripped[1]! : isInside ? walk.price : u.ticks(this.lastPrice(now));
    if (Number.isNaN(m)) return;
    const bar = isInside ? walk : this.lastBar(now);
    const price = isInside ? m * u.tickSize : this.lastPrice(now);
    const basis = { price, quantity: u.quantity(lots), high: bar.high, low: bar.low, volume: bar.volume };
    const slip = this.rules.slippage(basis) / u.tickSize;
    fill(lots, slippedPrice(buy, m, slip), m);
  }

  step(): void {
    const at = this.nextAt;
    this._depth++;
    if (this._expiring) this._expire(at);
    else if (this.nextRank === RANK.open) this._openNext(at);
    else if (Number.isNaN(this._match)) this._endSegment();
    else this._meetLevel(this._match, at);
    this._done(at);
  }

  private _find(orderId: string): WorkingOrder | undefined {
    return this._orders.find(o => o.ticket.orderId === orderId && o.state !== 'ended');
  }

  /** A bar opens: what its volume allows, and which extreme comes first. */
  private _opening(open: Ticks, high: Ticks, low: Ticks, close: Ticks, volume: number): boolean {
    const { participation, path } = this.rules;
    this._budget = volumeBudget(participation, volume, this.units.lotSize);
    let buys = 0;
    let sells = 0;
    for (const order of this._orders) {
      if (order.buy) buys++;
      else sells++;
    }
    return lowFirst(path, open, high, low, close, { position: this.host.position(this, null), buys, sells });
  }

  private _openNext(at: number): void {
    const walk = this._walk;
    if (this._orders.length === 0) {
      walk.idleTo(at);
      walk.skip(at);
    }
    walk.openBar();
    if (this._wires.armed) this._wiredAt = NaN;
    const open = walk.price;
    for (const order of this._orders.slice()) this._jump(order, open, at);
    if (this._wires.armed && this._wires.touch(open, open)) this._trip(open, at);
  }

  private _endSegment(): void {
    const walk = this._walk;
    walk.endSegment();
    if (this._wires.armed) this._wiredAt = NaN;
    if (this._watchful > 0) for (const order of this._orders) if (order.ticket.triggerBy !== 'mark') this._follow(order, walk.price);
  }

  /** The path reaches a level: first the orders at it, then the wires. */
  private _meetLevel(level: number, at: number): void {
    const walk = this._walk;
    walk.price = level;
    if (this._wires.armed) this._wiredAt = NaN;
    const falling = (walk.path[walk.segment + 1] as number) < (walk.path[walk.segment] as number);
    // Only orders that had this level when the path reached it: what comes to rest now waits for the path to come back.
    const reached = this._orders.filter(o => o.level === level && crosses(o, falling));
    for (const order of reached) if (order.level === level) this._reach(order, level, at);
    const wires = this._wires;
    if (wires.armed && (falling ? level <= wires.below : level >= wires.above)) this._trip(level, at);
  }

  /** Tell the host that a watched price is reached. That wire is gone then, the other one stays. */
  private _trip(price: number, ts: number): void {
    const wires = this._wires;
    wires.set(price <= wires.below ? -Infinity : wires.below, price >= wires.above ? Infinity : wires.above);
    this._tripped[0] = ts;
    this._tripped[1] = price;
    this.host.tripped(this, price, ts);
  }

  /** Orders that are good until now are no longer. */
  private _expire(now: number): void {
    for (const order of this._orders.slice())
      if (order.state !== 'ended' && goodTill(order) <= now) this._end(order, 'expired', 'gtd', now);
  }

  /** The market jumps to `price` at a bar's open. */
  private _jump(order: WorkingOrder, price: number, ts: number): void {
    switch (order.state) {
      case 'waiting':
        return this._activate(order, price, ts);
      case 'taking':
        return this._take(order, price, null, ts);
      case 'resting':
        if (order.buy ? price <= order.level : price >= order.level) this._make(order, ts);
        return;
      case 'stop':
        if (isReached(order.above, order.level, price)) this._trigger(order, price, price, ts);
        else if (order.ticket.triggerBy !== 'mark') this._follow(order, price);
        return;
      case 'ended':
        return;
    }
  }

  /** The path reaches the order's level. */
  private _reach(order: WorkingOrder, level: number, ts: number): void {
    if (order.state === 'resting') this._make(order, ts);
    else if (order.state === 'stop') this._trigger(order, level, level, ts);
  }

  /** An order meets a market for the first time (§3), or again after it was amended or triggered by the mark price while there was none. */
  private _activate(order: WorkingOrder, m: number, ts: number): void {
    const { ticket } = order;
    if (!order.accepted && !order.triggered) {
      if (order.reduces && this._reducible(order) === 0) return this._end(order, 'expired', 'reduce-only', ts);
      if (!order.reduces) {
        const price = order.limit ?? order.stop ?? m;
        const value = orderValue(this.units, this.units.quantity(order.remaining), price);
        if (value < this.instrument.minNotional * (1 - SLACK)) return this._end(order, 'rejected', 'min-notional', ts);
      }
    }
    if (hasTrigger(ticket.type) && !order.triggered) this._await(order, m, ts);
    else this._enter(order, m, ts);
  }

  /** An order waits for its trigger, unless the price is there already. */
  private _await(order: WorkingOrder, m: number, ts: number): void {
    const { triggerBy, trail } = order.ticket;
    const price = triggerBy === 'mark' ? ticksBetween(this.host.markPrice(this, ts), this.units.tickSize) : m;
    if (trail === undefined && isReached(order.above, order.stop as Ticks, price)) return this._trigger(order, m, price, ts);
    order.state = 'stop';
    if (trail !== undefined) this._follow(order, price);
    else order.level = triggerBy === 'mark' ? NaN : (order.stop as Ticks);
    this._accept(order, ts);
  }

  /** A trailing stop follows the market to `price`. */
  private _follow(order: WorkingOrder, price: number): void {
    const { trail, triggerBy } = order.ticket;
    if (trail === undefined || order.state !== 'stop') return;
    const best = followed(trail, order.buy, order.extreme, price);
    if (Number.isNaN(best) || best === order.extreme) return;
    order.extreme = best;
    order.stop = trailingTrigger(trail, order.buy, best);
    if (triggerBy !== 'mark') order.level = order.stop;
  }

  /** The trigger is reached at `seen`, which is the mark price or the market's own `m`. */
  private _trigger(order: WorkingOrder, m: number, seen: number, ts: number): void {
    order.level = NaN;
    order.triggered = true;
    this._accept(order, ts);
    this.host.triggered(this, order, seen, ts);
    this._note(order, 'triggered', ts, order.remaining, seen, 'The price that it waited for is reached.');
    this._enter(order, m, ts);
  }

  /** A market or limit order, maybe once it was triggered, meets the market. */
  private _enter(order: WorkingOrder, m: number, ts: number): void {
    if (hasLimit(order.ticket.type)) this._limit(order, m, ts);
    else this._take(order, m, null, ts);
  }

  private _limit(order: WorkingOrder, m: number, ts: number): void {
    const { ticket } = order;
    const limit = order.limit as Ticks;
    if (order.buy ? m <= limit : m >= limit) {
      if (ticket.postOnly) this._end(order, 'rejected', 'post-only', ts);
      else this._take(order, m, limit, ts);
    } else if (stays(ticket.tif)) this._rest(order, ts);
    else this._end(order, 'expired', 'not-marketable', ts);
  }

  private _rest(order: WorkingOrder, ts: number): void {
    const limit = order.limit as Ticks;
    order.state = 'resting';
    order.level = this.rules.limits === 'touch' ? limit : order.buy ? limit - 1 : limit + 1;
    this._accept(order, ts);
    this._note(order, 'rested', ts, order.remaining, order.level, 'It fills when the path reaches this price.');
  }

  private _accept(order: WorkingOrder, ts: number): void {
    if (order.accepted) return;
    order.accepted = true;
    this.host.accepted(this, order, ts);
  }

  /** New terms for an order (§10); where there is no market it meets the next one with them. */
  private _change(order: WorkingOrder, { lots, limit, stop }: Amendment, isOpen: boolean, now: number): void {
    const filled = order.lots - order.remaining;
    const entersAnew = order.state === 'resting' && limit !== null && limit !== order.limit;
    const waitsAnew = order.state === 'stop' && stop !== null && stop !== order.stop;
    const keepsPlace = (limit ?? order.limit) === order.limit && (stop ?? order.stop) === order.stop && (lots ?? order.lots) <= order.lots;
    order.lots = lots ?? order.lots;
    order.limit = limit ?? order.limit;
    order.stop = stop ?? order.stop;
    order.remaining = order.lots - filled;
    if (!keepsPlace) {
      this._orders = this._orders.filter(o => o !== order);
      this._orders.push(order);
    }
    this.host.amended(this, order, keepsPlace, now);
    const place = keepsPlace ? 'It keeps its place.' : 'It goes to the end of the queue.';
    this._note(order, 'amended', now, order.remaining, order.limit ?? order.stop ?? NaN, place);
    if (!entersAnew && !waitsAnew) return;
    order.level = NaN;
    if (!isOpen) order.state = 'waiting';
    else if (entersAnew) this._limit(order, this._walk.price, now);
    else this._await(order, this._walk.price, now);
  }

  /** Lots that a reduce-only order could fill now. */
  private _reducible(order: WorkingOrder): Lots {
    const held = this.host.position(this, order);
    return held !== 0 && held < 0 === order.buy ? Math.min(order.remaining, Math.abs(held)) : 0;
  }

  /** Fill what can be filled at once as a taker (§4). `cap` is the limit price, if there is one. */
  private _take(order: WorkingOrder, m: number, cap: Ticks | null, ts: number): void {
    const { ticket } = order;
    const walk = this._walk;
    const want = order.reduces ? this._reducible(order) : order.remaining;
    const lots = Math.min(want, this._budget);
    if (ticket.tif === 'fok' && lots < (ticket.closePosition ? want : order.remaining))
      return this._end(order, 'expired', 'not-filled', ts);
    if (lots > 0) {
      const tick = this.units.tickSize;
      const basis = { price: m * tick, quantity: this.units.quantity(lots), high: walk.high, low: walk.low, volume: walk.volume };
      const slip = this.rules.slippage(basis) / tick;
      let price = slippedPrice(order.buy, m, slip);
      if (cap !== null) price = order.buy ? Math.min(price, cap) : Math.max(price, cap);
      if (!this._fill(order, lots, price, m, false, ts)) return this._release(ts);
    }
    if (order.state !== 'ended') {
      if (!stays(ticket.tif)) this._end(order, 'expired', 'not-filled', ts);
      else if (cap !== null) this._rest(order, ts);
      else {
        order.state = 'taking';
        this._accept(order, ts);
      }
    }
    this._release(ts);
  }

  /** Fill a resting order at its limit, as the bar's volume allows (§5). */
  private _make(order: WorkingOrder, ts: number): void {
    const want = order.reduces ? this._reducible(order) : order.remaining;
    const lots = Math.min(want, this._budget);
    if (lots === 0) return;
    this._fill(order, lots, order.limit as Ticks, order.limit as Ticks, true, ts);
    this._release(ts);
  }

  /** Book a fill of what the account can carry; false when that was not all and the order ended for want of margin. */
  private _fill(order: WorkingOrder, wanted: Lots, price: Ticks, m: number, maker: boolean, ts: number): boolean {
    const carried = this.host.carries(this, order, wanted, price, m, maker);
    const lots = carried < wanted && order.ticket.tif === 'fok' ? 0 : carried;
    if (lots > 0) this._book(order, lots, price, m, maker, ts);
    if (lots === wanted) return true;
    this._end(order, 'expired', 'margin', ts);
    return false;
  }

  private _book(order: WorkingOrder, lots: Lots, price: Ticks, m: number, maker: boolean, ts: number): void {
    this._budget -= lots;
    order.remaining -= lots;
    this.host.filled(this, order, lots, price, m, maker, ts);
    this._note(order, 'filled', ts, lots, price, maker ? 'The path reached it where it rested.' : 'It took at the price of the path.');
    order.filled = true;
    order.accepted = true;
    if (order.remaining === 0) {
      order.state = 'ended';
      order.level = NaN;
    } else if (order.ticket.closePosition && this._reducible(order) === 0) this._end(order, 'cancelled', 'position-closed', ts);
  }

  /** A position that is gone or turned leaves nothing to reduce for the orders that wait to reduce it. */
  private _release(ts: number): void {
    for (const order of this._orders)
      if (waitsToReduce(order) && this._reducible(order) === 0) this._end(order, 'cancelled', 'reduce-only', ts);
  }

  private _end(order: WorkingOrder, how: 'rejected' | 'expired' | 'cancelled', code: string, ts: number): void {
    order.state = 'ended';
    order.level = NaN;
    this.host.ended(this, order, how, code, ts);
    if (this.host.trace !== null) this._note(order, 'ended', ts, order.remaining, NaN, `It was ${how}: ${code}.`);
  }

  /** For whoever asks about the order's life. Bars show no book around it. */
  private _note(order: WorkingOrder, event: string, ts: number, lots: Lots, price: number, text: string): void {
    const { trace } = this.host;
    if (trace === null) return;
    trace({ ts, orderId: order.ticket.orderId, event, ahead: NaN, bid: NaN, ask: NaN, bids: [], asks: [], lots, price, text });
  }

  /** The end of a step or call: forget what has ended, and find out what is next. */
  private _done(now: number): void {
    this._depth--;
    for (const order of this._orders)
      if (order.state === 'ended') {
        this._orders = this._orders.filter(o => o.state !== 'ended');
        if (this._watchful > 0) this._watchful = this._orders.filter(o => isWatchful(o.ticket)).length;
        break;
      }
    this._plan(now);
  }

  /** Find out when something happens here next. */
  private _plan(now: number): void {
    this._match = NaN;
    this._expiring = false;
    const walk = this._walk;
    if (this._orders.length === 0) {
      if (this._wires.armed) this._planIdle(now);
      else this.nextAt = Infinity;
      return;
    }
    if (walk.open) this._planSegment();
    else {
      walk.skip(now);
      this.nextRank = RANK.open;
      this.nextAt = walk.nextOpen();
    }
    if (this._watchful > 0) this._planExpiry();
  }

  private _planSegment(): void {
    const walk = this._walk;
    const k = walk.segment;
    const pa = walk.path[k] as number;
    const pb = walk.path[k + 1] as number;
    const ta = walk.ts[k] as number;
    const tb = walk.ts[k + 1] as number;
    const price = walk.price;
    const falling = pb < pa;
    let best = NaN;
    if (pb !== pa) {
      for (const order of this._orders) {
        const level = order.level;
        if (Number.isNaN(level) || !crosses(order, falling)) continue;
        if (falling ? level < price && level >= pb : level > price && level <= pb)
          if (Number.isNaN(best) || (falling ? level > best : level < best)) best = level;
      }
      if (this._wires.armed) {
        const wire = this._wireOnSegment(price, pb, falling);
        if (!Number.isNaN(wire) && (Number.isNaN(best) || (falling ? wire > best : wire < best))) best = wire;
      }
    }
    this._match = best;
    this.nextRank = RANK.path;
    this.nextAt = Number.isNaN(best) ? tb : ta + (tb - ta) * ((best - pa) / (pb - pa));
  }

  private _wireOnSegment(price: number, end: number, falling: boolean): number {
    const since = Number.isNaN(this._wiredAt) ? price : this._wiredAt;
    return falling ? this._wires.onTheWayDown(Math.min(price, since), end) : this._wires.onTheWayUp(Math.max(price, since), end);
  }

  /** Nothing works, but prices are watched: walk the open bar where it still reaches one, else search for the first bar that does. */
  private _planIdle(now: number): void {
    const walk = this._walk;
    const wires = this._wires;
    walk.idleTo(now);
    if (walk.open) {
      let low = walk.price;
      let high = walk.price;
      for (let i = walk.segment + 1; i < 4; i++) {
        low = Math.min(low, walk.path[i]!);
        high = Math.max(high, walk.path[i]!);
      }
      if (wires.touch(low, high)) return this._planSegment();
    } else walk.skip(now);
    this.nextRank = RANK.open;
    this.nextAt = walk.nextInner((low, high) => wires.touch(low, high));
    if (this.nextAt < Infinity) return;
    const chunk = walk.chunk;
    if (chunk !== null) this.nextAt = wires.search(chunk, walk.open || walk.isInner ? walk.row + 1 : walk.row);
  }

  private _planExpiry(): void {
    let at = Infinity;
    for (const order of this._orders) at = Math.min(at, goodTill(order));
    if (at > this.nextAt || (at === this.nextAt && this.nextRank === RANK.path) || at === Infinity) return;
    this._expiring = true;
    this.nextAt = at;
    this.nextRank = RANK.path;
  }
}

const goodTill = ({ ticket }: WorkingOrder): number => (ticket.tif === 'gtd' ? (ticket.goodTill ?? Infinity) : Infinity);

/** Whether a path in this direction can reach the order's level: buy limits and sell stops wait below, the others above. */
const crosses = (order: WorkingOrder, falling: boolean): boolean =>
  order.state === 'resting' ? order.buy === falling : order.state === 'stop' ? order.above !== falling : false;
