import { Tape, type TapeCursor } from '../../events/tape.js';
import type { Chunk } from '../../events/market.js';
import { RANK } from '../../execution/venue.js';
import type { Instrument } from '../../market/instrument.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { Lots, Ticks, Units } from '../../market/units.js';
import type { SlippageModel } from '../../costs/slippage.js';
import { lowFirst, type PathModel } from './bar-path.js';
import { workingOrder, type WorkingOrder } from './working-order.js';
import type { Ticket } from '../../events/order.js';

/** Assumptions of matching on bars. */
export interface MatchingRules {
  readonly path: PathModel;
  readonly limits: 'through' | 'touch';
  readonly participation: number | null;
  readonly slippage: SlippageModel;
}

/** What a market asks of the exchange that it belongs to. */
export interface MarketHost {
  /** Signed lots held in this market's symbol. */
  position(market: SymbolMarket): Lots;
  /** How many of these lots the account can carry at this price; an order that wants more ends there as expired, `margin`. */
  carries(market: SymbolMarket, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean): Lots;
  filled(market: SymbolMarket, order: WorkingOrder, lots: Lots, price: Ticks, marketPrice: number, maker: boolean, ts: number): void;
  accepted(market: SymbolMarket, order: WorkingOrder, ts: number): void;
  triggered(market: SymbolMarket, order: WorkingOrder, price: number, ts: number): void;
  ended(market: SymbolMarket, order: WorkingOrder, how: 'rejected' | 'expired' | 'cancelled', code: string, ts: number): void;
}

/** Rounding to ticks forgives this much of a tick, so that 30000 × 0.0001 is 3 ticks and not 4. */
const SLACK = 1e-9;

/**
 * One symbol's market: walks the assumed path of its bars and matches orders against it, by docs/matching-rules.md. It does nothing on bars on which no order
 * works, so an idle market costs nothing.
 */
export class SymbolMarket {
  nextAt = Infinity;
  nextRank: number = RANK.open;

  private readonly _bars = new Tape();
  private readonly _ahead: TapeCursor = this._bars.cursor();
  private readonly _behind: TapeCursor = this._bars.cursor();
  private _length = 0;
  private _lastClose = NaN;
  private _lastHigh = NaN;
  private _lastLow = NaN;
  private _lastVolume = NaN;

  private _open = false;
  private readonly _pathTs = new Float64Array(4);
  private readonly _path = new Float64Array(4);
  private _segment = 0;
  private _price = NaN;
  private _budget = 0;
  private _high = NaN;
  private _low = NaN;
  private _volume = NaN;
  private _match = NaN;

  private _orders: WorkingOrder[] = [];

  constructor(
    readonly index: number,
    readonly instrument: Instrument,
    readonly units: Units,
    readonly rules: MatchingRules,
    readonly host: MarketHost,
  ) {}

  /** Bars to walk, before anyone may see them. `now`: everything that ended by then is forgotten. */
  load(chunk: Chunk, now: number): void {
    this._length = timeframeMs(chunk.timeframe ?? '');
    this._bars.append(chunk);
    if (this._orders.length === 0) this._idleTo(now);
    this._skip(now);
    this.lastPrice(now);
    this._plan(now);
  }

  /** Close of the latest bar that ended at or before `now`, before the first such close the path's price; quote currency. */
  lastPrice(now: number): number {
    const cursor = this._behind;
    while (cursor.ready()) {
      const chunk = cursor.chunk as Chunk;
      const ts = chunk.ts;
      const close = chunk.columns[3] as Float64Array;
      let row = cursor.row;
      while (row < chunk.rows && (ts[row] as number) + this._length <= now) this._lastClose = close[row++] as number;
      if (row > cursor.row) {
        this._lastHigh = (chunk.columns[1] as Float64Array)[row - 1] as number;
        this._lastLow = (chunk.columns[2] as Float64Array)[row - 1] as number;
        this._lastVolume = (chunk.columns[4] as Float64Array)[row - 1] as number;
      }
      cursor.row = row;
      if (row < chunk.rows) break;
    }
    return Number.isNaN(this._lastClose) ? this._price * this.units.tickSize : this._lastClose;
  }

  /** The bar whose close `lastPrice` gave, for the cost of closing there; NaN before the first. */
  lastBar(now: number): { readonly high: number; readonly low: number; readonly volume: number } {
    this.lastPrice(now);
    return { high: this._lastHigh, low: this._lastLow, volume: this._lastVolume };
  }

  /** Orders that have not ended, in order of arrival. */
  get working(): readonly WorkingOrder[] {
    return this._orders;
  }

  /** An order reaches the venue. */
  arrive(ticket: Ticket, now: number): void {
    const order = workingOrder(ticket);
    if (this._meet(now)) {
      this._orders.push(order);
      this._activate(order, this._price, now);
    } else {
      this._orders.push(order);
    }
    this._settle(now);
  }

  /** Take an order back; false when it is not working here. */
  cancel(orderId: string, now: number, code: string): boolean {
    const order = this._orders.find(o => o.ticket.orderId === orderId && o.state !== 'ended');
    if (!order) return false;
    this._end(order, 'cancelled', code, now);
    this._settle(now);
    return true;
  }

  /** Let the next thing on the path happen. */
  step(): void {
    const at = this.nextAt;
    if (this.nextRank === RANK.open) {
      this._openBar();
      this._price = this._path[0] as number;
      for (const order of this._orders.slice()) this._jump(order, this._price, at);
    } else if (Number.isNaN(this._match)) {
      this._endSegment();
    } else {
      const level = this._match;
      this._price = level;
      const falling = (this._path[this._segment + 1] as number) < (this._path[this._segment] as number);
      // Only orders that had this level when the path reached it: what comes to rest now waits for the path to come back.
      const reached = this._orders.filter(o => o.level === level && crosses(o, falling));
      for (const order of reached) if (order.level === level) this._reach(order, level, at);
    }
    this._settle(at);
  }

  private _skip(now: number): void {
    if (this._open) return;
    const cursor = this._ahead;
    while (cursor.ready()) {
      const chunk = cursor.chunk as Chunk;
      let row = cursor.row;
      while (row < chunk.rows && (chunk.ts[row] as number) + this._length <= now) row++;
      cursor.row = row;
      if (row < chunk.rows) break;
    }
  }

  /** Bring the path to `now`; true when a bar is open then. Nothing can match on the way: whoever calls has stepped up to `now`. */
  private _meet(now: number): boolean {
    this._idleTo(now);
    if (!this._open) {
      this._skip(now);
      if (!this._ahead.ready()) return false;
      const openTime = (this._ahead.chunk as Chunk).ts[this._ahead.row] as number;
      if (!(openTime < now)) return false;
      // Idle since before its open, so no order worked there and the position has not changed since.
      this._openBar();
      this._idleTo(now);
      if (!this._open) return false;
    }
    const k = this._segment;
    const ta = this._pathTs[k] as number;
    const tb = this._pathTs[k + 1] as number;
    const pa = this._path[k] as number;
    const pb = this._path[k + 1] as number;
    this._price = pa + (pb - pa) * ((now - ta) / (tb - ta));
    return true;
  }

  /** An idle market does not step: walk its open bar to `now`. */
  private _idleTo(now: number): void {
    while (this._open && (this._pathTs[this._segment + 1] as number) <= now) this._endSegment();
  }

  private _openBar(): void {
    const chunk = this._ahead.chunk as Chunk;
    const row = this._ahead.row;
    const [o, h, l, c, v] = chunk.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    const t0 = chunk.ts[row] as number;
    const open = this.units.ticks(o[row] as number);
    const high = this.units.ticks(h[row] as number);
    const low = this.units.ticks(l[row] as number);
    this._high = h[row] as number;
    this._low = l[row] as number;
    this._volume = v[row] as number;
    const { participation } = this.rules;
    this._budget =
      participation === null || Number.isNaN(this._volume)
        ? Infinity
        : Math.floor((participation * this._volume) / this.units.lotSize + SLACK);
    let buys = 0;
    let sells = 0;
    for (const order of this._orders) {
      if (order.buy) buys++;
      else sells++;
    }
    const down = lowFirst(this.rules.path, open, high, low, { position: this.host.position(this), buys, sells });
    const d = this._length;
    this._pathTs[0] = t0;
    this._pathTs[1] = t0 + d / 3;
    this._pathTs[2] = t0 + (2 * d) / 3;
    this._pathTs[3] = t0 + d;
    this._path[0] = open;
    this._path[1] = down ? low : high;
    this._path[2] = down ? high : low;
    this._path[3] = this.units.ticks(c[row] as number);
    this._segment = 0;
    this._price = open;
    this._open = true;
  }

  private _endSegment(): void {
    this._segment++;
    this._price = this._path[this._segment] as number;
    if (this._segment === 3) {
      this._open = false;
      this._ahead.row++;
    }
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
        if (order.buy ? price >= order.level : price <= order.level) this._trigger(order, price, ts);
        return;
      case 'ended':
        return;
    }
  }

  /** The path reaches the order's level. */
  private _reach(order: WorkingOrder, level: number, ts: number): void {
    if (order.state === 'resting') this._make(order, ts);
    else if (order.state === 'stop') this._trigger(order, level, ts);
  }

  /** An order meets a market for the first time (§3). */
  private _activate(order: WorkingOrder, m: number, ts: number): void {
    const { ticket } = order;
    if (ticket.reduceOnly && this._reducible(order) === 0) return this._end(order, 'expired', 'reduce-only', ts);
    if (!ticket.reduceOnly) {
      const price = ticket.limit ?? ticket.stop ?? m;
      const value = this.units.quantity(order.remaining) * price * this.units.tickSize;
      if (value < this.instrument.minNotional * (1 - SLACK)) return this._end(order, 'rejected', 'min-notional', ts);
    }
    if (ticket.type === 'market') return this._take(order, m, null, ts);
    if (ticket.type === 'limit') return this._limit(order, m, ts);
    const stop = ticket.stop as number;
    if (order.buy ? m >= stop : m <= stop) return this._trigger(order, m, ts);
    order.state = 'stop';
    order.level = stop;
    this._accept(order, ts);
  }

  private _trigger(order: WorkingOrder, m: number, ts: number): void {
    order.level = NaN;
    this._accept(order, ts);
    this.host.triggered(this, order, m, ts);
    if (order.ticket.type === 'stop-limit') this._limit(order, m, ts);
    else this._take(order, m, null, ts);
  }

  private _limit(order: WorkingOrder, m: number, ts: number): void {
    const { ticket } = order;
    const limit = ticket.limit as number;
    if (order.buy ? m <= limit : m >= limit) {
      if (ticket.postOnly) this._end(order, 'rejected', 'post-only', ts);
      else this._take(order, m, limit, ts);
    } else if (ticket.tif === 'gtc') this._rest(order, ts);
    else this._end(order, 'expired', 'not-marketable', ts);
  }

  private _rest(order: WorkingOrder, ts: number): void {
    const limit = order.ticket.limit as number;
    order.state = 'resting';
    order.level = this.rules.limits === 'touch' ? limit : order.buy ? limit - 1 : limit + 1;
    this._accept(order, ts);
  }

  private _accept(order: WorkingOrder, ts: number): void {
    if (order.accepted) return;
    order.accepted = true;
    this.host.accepted(this, order, ts);
  }

  /** Lots that a reduce-only order could fill now. */
  private _reducible(order: WorkingOrder): Lots {
    const held = this.host.position(this);
    return held !== 0 && held < 0 === order.buy ? Math.min(order.remaining, Math.abs(held)) : 0;
  }

  /** Fill what can be filled at once as a taker (§4). `cap` is the limit price, if there is one. */
  private _take(order: WorkingOrder, m: number, cap: Ticks | null, ts: number): void {
    const { ticket } = order;
    const want = ticket.reduceOnly ? this._reducible(order) : order.remaining;
    const lots = Math.min(want, this._budget);
    if (ticket.tif === 'fok' && lots < order.remaining) return this._end(order, 'expired', 'not-filled', ts);
    if (lots > 0) {
      const tick = this.units.tickSize;
      const slip =
        this.rules.slippage({
          price: m * tick,
          quantity: this.units.quantity(lots),
          high: this._high,
          low: this._low,
          volume: this._volume,
        }) / tick;
      let price = order.buy ? Math.ceil(m + slip - SLACK) : Math.max(1, Math.floor(m - slip + SLACK));
      if (cap !== null) price = order.buy ? Math.min(price, cap) : Math.max(price, cap);
      if (!this._fill(order, lots, price, m, false, ts)) return this._sweep(ts);
    }
    if (order.remaining > 0) {
      if (ticket.tif !== 'gtc') this._end(order, 'expired', 'not-filled', ts);
      else if (ticket.type === 'limit' || ticket.type === 'stop-limit') this._rest(order, ts);
      else {
        order.state = 'taking';
        this._accept(order, ts);
      }
    }
    this._sweep(ts);
  }

  /** Fill a resting order at its limit, as the bar's volume allows (§5). */
  private _make(order: WorkingOrder, ts: number): void {
    const want = order.ticket.reduceOnly ? this._reducible(order) : order.remaining;
    const lots = Math.min(want, this._budget);
    if (lots === 0) return;
    this._fill(order, lots, order.ticket.limit as number, order.ticket.limit as number, true, ts);
    this._sweep(ts);
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
    order.filled = true;
    order.accepted = true;
    if (order.remaining === 0) {
      order.state = 'ended';
      order.level = NaN;
    }
  }

  /** A position that is gone or turned leaves nothing to reduce for the orders that wait to reduce it. */
  private _sweep(ts: number): void {
    for (const order of this._orders)
      if (order.ticket.reduceOnly && order.state !== 'ended' && order.state !== 'waiting' && this._reducible(order) === 0)
        this._end(order, 'cancelled', 'reduce-only', ts);
  }

  private _end(order: WorkingOrder, how: 'rejected' | 'expired' | 'cancelled', code: string, ts: number): void {
    order.state = 'ended';
    order.level = NaN;
    this.host.ended(this, order, how, code, ts);
  }

  private _settle(now: number): void {
    for (const order of this._orders)
      if (order.state === 'ended') {
        this._orders = this._orders.filter(o => o.state !== 'ended');
        break;
      }
    this._plan(now);
  }

  /** Find out when something happens here next. */
  private _plan(now: number): void {
    this._match = NaN;
    if (this._orders.length === 0) {
      this.nextAt = Infinity;
      return;
    }
    if (!this._open) {
      this._skip(now);
      this.nextRank = RANK.open;
      this.nextAt = this._ahead.ready() ? ((this._ahead.chunk as Chunk).ts[this._ahead.row] as number) : Infinity;
      return;
    }
    const k = this._segment;
    const pa = this._path[k] as number;
    const pb = this._path[k + 1] as number;
    const ta = this._pathTs[k] as number;
    const tb = this._pathTs[k + 1] as number;
    const falling = pb < pa;
    let best = NaN;
    if (pb !== pa)
      for (const order of this._orders) {
        const level = order.level;
        if (Number.isNaN(level) || !crosses(order, falling)) continue;
        if (falling ? level < this._price && level >= pb : level > this._price && level <= pb)
          if (Number.isNaN(best) || (falling ? level > best : level < best)) best = level;
      }
    this._match = best;
    this.nextRank = RANK.path;
    this.nextAt = Number.isNaN(best) ? tb : ta + (tb - ta) * ((best - pa) / (pb - pa));
  }
}

/** Whether a path in this direction can reach the order's level: buy limits and sell stops wait below, the others above. */
const crosses = (order: WorkingOrder, falling: boolean): boolean =>
  order.state === 'resting' ? order.buy === falling : order.state === 'stop' ? order.buy !== falling : false;
