import { fundingPayment, roundHalfAway } from '../costs/funding.js';
import { AFTER, marginChecks } from '../engine/engine.js';
import type { BarLine, IndicatorColumns } from '../engine/bar-line.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Note, Params, PlotSeries } from '../engine/run-result.js';
import { StrategyHost } from '../engine/strategy-host.js';
import { WorkingOrders } from '../engine/working-orders.js';
import type { FundingSettled } from '../events/account.js';
import type { OrderApproved, OrderFilled, Side, TargetSet, Ticket } from '../events/order.js';
import { Fingerprint } from '../journal/fingerprint.js';
import type { Instrument } from '../market/instrument.js';
import { maintenanceOf, type MarginTier } from '../market/margin-tiers.js';
import { timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';
import { toAmount, toMoney, type Lots, type Ticks, type Units } from '../market/units.js';
import { Account } from '../portfolio/account.js';
import type { EquityCurve } from '../portfolio/equity.js';
import type { Fill, FundingPayment } from '../portfolio/fill.js';
import { liquidationPrice } from '../portfolio/margin/liquidation-price.js';
import { MarginBook } from '../portfolio/margin-book.js';
import { approve, checksOf, isDenial } from '../risk/approve.js';
import type { RiskCheck } from '../risk/risk-check.js';
import type { Decision } from '../strategies/intent.js';
import type { Strategy } from '../strategies/strategy.js';
import { CarriedLots } from './carried-lots.js';
import { feeBasis } from './fee-basis.js';
import { lowFirst } from './matching/bar-path.js';
import type { PlainData } from './plain-terms.js';
import type { ExchangeRules } from './simulated-exchange.js';

/** What a plain run is made of. */
export interface PlainSetup {
  readonly strategy: Strategy;
  readonly params: Params;
  readonly config: RunConfig;
  readonly instrument: Instrument;
  readonly data: PlainData;
  /** Inputs that the run says it consumed. */
  readonly inputs: number;
  readonly rules: ExchangeRules;
  readonly cache: IndicatorColumns | null;
  readonly signal: AbortSignal | null;
}

/** What came of it, as an engine would say. */
export interface PlainOutcome {
  readonly fingerprint: string;
  readonly bars: number;
  readonly events: number;
  readonly curve: EquityCurve;
  readonly fills: readonly Fill[];
  readonly funding: readonly FundingPayment[];
  readonly plots: readonly PlotSeries[];
  readonly notes: readonly Note[];
}

/** As the bar market rounds. */
const SLACK = 1e-9;
/** Bars between two looks at whether the run is still wanted. */
const LOOK_EVERY = 1 << 15;
/** Least room, as a share of the notional, of a position whose margin is not worth watching closely. */
const LEAST_ROOM = 1e-3;

type Draft<F> = { -readonly [K in keyof F]: F[K] };

/** Thrown and caught in here: something happened that only the engine knows how to play. */
const UNUSUAL = Symbol('unusual');
const unusual = (): never => {
  throw UNUSUAL;
};

/**
 * A run of which nothing is out of the ordinary, several times as fast as the engine plays it and with the same bits: a strategy that sets targets in one perpetual, each of them met by one market order that fills whole on
 * the bar after, funding, and margin that is never short. Bars on which nothing happens cost one call of `decide`. Null as soon as anything else comes up (a denial, a fill in parts, a price near a
 * liquidation, an intent that is no target, a gap in the bars under an order): then the engine plays the run from its beginning.
 */
export const plainRun = (setup: PlainSetup): PlainOutcome | null => {
  try {
    return new PlainRun(setup).play();
  } catch (error) {
    if (error === UNUSUAL) return null;
    throw error;
  }
};

class PlainRun {
  private readonly _s: PlainSetup;
  private readonly _u: Units;
  private readonly _barMs: number;
  /** What the strategy knows of, and the venue's books, which are ahead of it by the answers on their way. */
  private readonly _account: Account;
  private readonly _venue: Account;
  private readonly _last = new Float64Array(1).fill(NaN);
  private readonly _host: StrategyHost;
  private readonly _line: BarLine;
  private readonly _fingerprint = new Fingerprint();
  /** Columns of the curve, and its points so far: all of them are bars that the strategy decided on. */
  private readonly _times: Float64Array;
  private readonly _equity: Float64Array;
  private readonly _exposure: Float64Array;
  private readonly _gross: Float64Array;
  private _points = 0;
  private readonly _fills: Fill[] = [];
  private readonly _funding: FundingPayment[] = [];
  private readonly _notes: Note[] = [];
  private readonly _orders: WorkingOrders;
  private readonly _checks: readonly RiskCheck[];
  private readonly _carried: CarriedLots;
  private readonly _tiers: readonly MarginTier[];
  private _seq: number;
  private _marketFacts = 0;
  private _ordersMade = 0;
  /** Exposure last asked for. */
  private _target = 0;
  private _ticket: Ticket | null = null;
  private _reason = '';
  /** Next row of funding. */
  private _paid = 0;
  /** A payment that the strategy has not heard of yet. */
  private _isOwed = false;
  private readonly _payment: Draft<FundingSettled>;
  /** Facts that only the fingerprint looks at, written anew each time: nothing is kept of them, and making one costs more than everything else about an order. */
  private readonly _said: {
    readonly target: Draft<TargetSet>;
    readonly approved: Draft<OrderApproved>;
    readonly filled: Draft<OrderFilled>;
  };
  /** Prices that no bar may touch while something is held, quote currency, and the least cash that they were made for. */
  private readonly _guard = Float64Array.of(-Infinity, Infinity, -Infinity);

  constructor(setup: PlainSetup) {
    this._s = setup;
    const { strategy, params, config, instrument, rules, data } = setup;
    const base = checkedTimeframe(config.timeframe);
    this._barMs = timeframeMs(base);
    this._account = new Account([instrument], config.capital);
    this._venue = new Account([instrument], config.capital);
    this._u = this._account.unitsAt(0);
    this._seq = 1 + setup.inputs;
    const { rows } = data.bars;
    this._times = new Float64Array(rows);
    this._equity = new Float64Array(rows);
    this._exposure = new Float64Array(rows);
    this._gross = new Float64Array(rows);
    this._host = new StrategyHost({
      strategy,
      params,
      instruments: [instrument],
      timeframe: base,
      seed: config.seed,
      from: config.from,
      barDelay: 0,
      account: this._account,
      last: this._last,
      cache: setup.cache,
      forecast: () => undefined,
      intent: unusual,
      note: text => {
        this._seq++;
        this._notes.push({ ts: this._host.now, text });
      },
      observe: null,
    });
    const [line] = this._host.lines;
    if (line === undefined || this._host.lines.length > 1 || line.timeframe !== base) unusual();
    this._line = line as BarLine;
    this._orders = new WorkingOrders(this._account, this._last);
    this._checks = [...checksOf(config.risk, [instrument]), ...marginChecks(config, [instrument])];
    const { terms } = rules.margin as NonNullable<ExchangeRules['margin']>;
    this._tiers = terms.tiers[0] as readonly MarginTier[];
    this._carried = new CarriedLots(this._venue, new MarginBook(this._venue, terms), rules, []);
    const { symbol } = instrument;
    const envelope = {
      seq: -1,
      version: 1,
      ts: NaN,
      knownAt: NaN,
      account: 'backtest',
      strategy: strategy.name,
      correlationId: -1,
      causationId: -1,
    };
    this._payment = { ...envelope, type: 'FundingSettled', symbol, rate: NaN, lots: NaN, markPrice: NaN, amount: NaN };
    this._said = {
      target: { ...envelope, type: 'TargetSet', symbol, exposure: NaN, reason: '' },
      approved: { ...envelope, type: 'OrderApproved', ticket: marketTicket('', symbol, 'buy', 0, false) },
      filled: {
        ...envelope,
        type: 'OrderFilled',
        orderId: '',
        symbol,
        side: 'buy',
        price: NaN,
        lots: NaN,
        fee: NaN,
        liquidity: 'taker',
        slippage: NaN,
        realised: NaN,
      },
    };
  }

  play(): PlainOutcome {
    const { config, data, instrument, signal } = this._s;
    const { bars } = data;
    const { rows } = bars;
    const [, high, low, closes] = bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array];
    const { _host: host, _line: line, _last: last, _account: account, _guard: guard } = this;
    const { from, to } = config;
    const decideAfter = from - host.lead;
    const { symbol } = instrument;
    line.load(bars);
    const { _times: times, _equity: equities, _exposure: exposures, _gross: grosses } = this;
    const { inverse } = this._u;
    const opens = bars.ts;
    const barMs = this._barMs;
    // Of the strategy's account; they change with what it hears, after a bar.
    let cash = toMoney(account.cash);
    let cost = 0;
    let quantity = 0;
    let points = 0;
    let nextFunding = this._nextFunding();
    for (let row = 0; row < rows; row++) {
      const now = (opens[row] as number) + barMs;
      if (!(now < to + AFTER)) break;
      const close = closes[row] as number;
      if (!(low[row]! > guard[0]!) || !(high[row]! < guard[1]!)) unusual();
      if (nextFunding <= now) {
        this._settle(now, close);
        nextFunding = this._nextFunding();
      }
      host.now = now;
      last[0] = close;
      line.seen++;
      if (now > decideAfter && now <= to) {
        const decision = host.decision(line);
        if (decision !== undefined) this._hear(decision, symbol, now);
      }
      line.advance();
      this._marketFacts++;
      if (now > from && now <= to) {
        times[points] = now;
        // A curve begins as zeros: a flat account has no exposure.
        if (quantity === 0) equities[points] = cash;
        else {
          // `Engine._mark`, of one position.
          const notional = inverse ? quantity / close : quantity * close;
          const equity = cash + ((inverse ? -notional : notional) - cost);
          const net = notional / equity;
          equities[points] = equity;
          exposures[points] = net;
          grosses[points] = notional < 0 ? -net : net;
        }
        points++;
      }
      if (this._isOwed || this._ticket !== null) {
        if (this._isOwed) this._tellPayment();
        if (this._ticket !== null) this._arrive(row + 1, now);
        cash = toMoney(account.cash);
        cost = toMoney(account.cost[0] as number);
        quantity = (account.lots[0] as number) * this._u.quantity(1);
      }
      if (row % LOOK_EVERY === LOOK_EVERY - 1) signal?.throwIfAborted();
    }
    this._points = points;
    return this._finish();
  }

  private _nextFunding(): number {
    const { funding } = this._s.data;
    return funding === null || this._paid >= funding.rows ? Infinity : (funding.ts[this._paid] as number);
  }

  /** Funding up to the close of a bar: the venue pays on what is held, the strategy hears of the rate now and of the payment later. */
  private _settle(now: number, close: number): void {
    const { funding } = this._s.data;
    const { rules, instrument } = this._s;
    if (funding === null) return;
    const [rates, intervals] = funding.columns as [Float64Array, Float64Array | undefined];
    for (; this._paid < funding.rows; this._paid++) {
      const ts = funding.ts[this._paid] as number;
      if (ts > now) return;
      const rate = rates[this._paid] as number;
      // Between two closes an order may be on its way; that is for the engine.
      if (rules.funding && this._venue.open > 0) {
        if (ts !== now) unusual();
        this._pay(ts, rate, close);
      }
      this._marketFacts++;
      this._host.settled(0, { symbol: instrument.symbol, ts, rate, interval: intervals?.[this._paid] as number });
    }
  }

  private _pay(ts: number, rate: number, markPrice: number): void {
    const { _u: u, _venue: venue, _payment: payment } = this;
    const lots = venue.lots[0] as Lots;
    const amount = fundingPayment(roundHalfAway(u.notionalOf(u.quantity(lots), markPrice) * 1e8), rate);
    venue.pay(amount);
    payment.ts = ts;
    payment.rate = rate;
    payment.lots = lots;
    payment.markPrice = markPrice;
    payment.amount = amount;
    this._isOwed = true;
    if (!(venue.cash >= (this._guard[2] as number))) this._watch(markPrice);
  }

  private _tellPayment(): void {
    const { _u: u, _payment: payment } = this;
    const { ts, symbol, rate, lots, markPrice, amount } = payment;
    this._isOwed = false;
    this._account.pay(amount);
    this._fingerprint.add(payment);
    this._funding.push({ seq: this._seq++, ts, symbol, rate, quantity: u.quantity(lots), markPrice, amount: toMoney(amount) });
  }

  /**
   * Between which prices the margin cannot be short, whatever funding costs meanwhile: half of what the account has to spare is left for the price, a quarter for funding.
   */
  private _watch(at: number): void {
    const { _venue: venue, _u: u, _guard: guard, _tiers: tiers } = this;
    const lots = venue.lots[0] as Lots;
    guard[0] = -Infinity;
    guard[1] = Infinity;
    guard[2] = -Infinity;
    if (lots === 0) return;
    const gross = Math.abs(venue.notionalAt(0, at));
    const maintenance = maintenanceOf(tiers, gross);
    const spared = toMoney(venue.cash) + venue.profitAt(0, at) - maintenance;
    if (!(spared > LEAST_ROOM * gross)) unusual();
    const price = liquidationPrice({
      inverse: u.inverse,
      quantity: u.quantity(lots),
      entryPrice: at,
      margin: spared / 2 + maintenance,
      tiers,
    });
    if (!Number.isNaN(price)) guard[lots > 0 ? 0 : 1] = price;
    guard[2] = venue.cash - toAmount(spared / 4);
  }

  private _hear(decision: NonNullable<Decision>, symbol: string, now: number): void {
    if (!('intent' in decision) || decision.intent !== 'target' || decision.symbol !== symbol) return unusual();
    const { exposure } = decision;
    if (exposure === this._target && (exposure !== 0 || this._account.lots[0] === 0)) return;
    this._trade(exposure, decision.reason, now);
  }

  /** A new target: its order, if it takes one, leaves at once. */
  private _trade(exposure: number, reason: string, now: number): void {
    const { _u: u, _account: account, _last: last, _host: host } = this;
    const { symbol, minNotional } = this._s.instrument;
    const isBarred = this._line.seen < host.warmup || !(now > this._s.config.from) || Number.isNaN(last[0]) || !host.listed(0);
    if (!Number.isFinite(exposure) || exposure === this._target || isBarred) unusual();
    this._target = exposure;
    this._reason = reason;
    this._seq++;
    const { target, approved } = this._said;
    target.ts = now;
    target.exposure = exposure;
    target.reason = reason;
    this._fingerprint.add(target);
    const equity = account.equity(last);
    const wanted = exposure === 0 ? 0 : u.lots(u.quantityOf(exposure * equity, last[0] as number));
    const held = account.lots[0] as Lots;
    const change = wanted - held;
    if (change === 0) return;
    const lots = Math.abs(change);
    const reduceOnly = held * change < 0 && lots <= Math.abs(held) && wanted * held >= 0;
    const ticket = marketTicket(`o${++this._ordersMade}`, symbol, change > 0 ? 'buy' : 'sell', lots, reduceOnly);
    const value = u.quantity(lots) * (u.inverse ? 1 : (last[0] as number));
    if (!(reduceOnly || value >= minNotional) || isDenial(approve(ticket, this._orders, this._checks, 'ACTIVE'))) unusual();
    approved.ts = now;
    approved.ticket = ticket;
    this._fingerprint.add(approved);
    // Approved and submitted.
    this._seq += 2;
    this._ticket = ticket;
  }

  /** The order reaches the venue on the bar that opened as the last one closed. At the end of the data it never does. */
  private _arrive(row: number, closedAt: number): void {
    const { _u: u, _barMs: barMs, _venue: venue } = this;
    const { config, data, rules, instrument } = this._s;
    const { ts, rows, columns } = data.bars;
    const [opens, highs, lows, closes, volumes] = columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    const { side, lots, reduceOnly, orderId } = this._ticket as Ticket;
    const at = closedAt + rules.latency.order(closedAt);
    this._ticket = null;
    if (!(at < config.to + AFTER)) return;
    if (row >= rows || ts[row] !== closedAt || config.fills.kind !== 'bars') return unusual();
    const high = highs[row] as number;
    const low = lows[row] as number;
    const volume = volumes[row] as number;
    // The position that the order finds is there for a part of this bar.
    if (venue.open > 0 && (!(low > (this._guard[0] as number)) || !(high < (this._guard[1] as number)))) unusual();
    const { path, participation } = config.fills;
    const m = priceAt(at, closedAt, barMs, u, [opens[row]!, high, low, closes[row]!], (open, top, bottom, close) =>
      lowFirst(path, open, top, bottom, close, { position: venue.lots[0] as Lots, buys: 0, sells: 0 }),
    );
    const budget = participation === null || Number.isNaN(volume) ? Infinity : Math.floor((participation * volume) / u.lotSize + SLACK);
    const quantity = u.quantity(lots);
    const value = u.inverse ? quantity : quantity * m * u.tickSize;
    if (lots > budget || !(reduceOnly || value >= instrument.minNotional * (1 - SLACK))) unusual();
    const buy = side === 'buy';
    const price = this._taken(buy, m, { price: m * u.tickSize, quantity, high, low, volume });
    const opening = { buy, lots, price, marketPrice: m, maker: false, first: true };
    if (this._carried.of({ index: 0, units: u }, 0, opening, at) < lots) unusual();
    this._fill(orderId, buy, lots, price, m, at, this._reason);
    this._watch(m * u.tickSize);
  }

  /** Price that a taker gets, ticks. */
  private _taken(buy: boolean, m: number, basis: Parameters<ExchangeRules['slippage']>[0]): Ticks {
    const slip = this._s.rules.slippage(basis) / this._u.tickSize;
    return buy ? Math.ceil(m + slip - SLACK) : Math.max(1, Math.floor(m - slip + SLACK));
  }

  /** Book a fill at the venue, and what the strategy hears of it: before its next bar in any case. */
  private _fill(orderId: string, buy: boolean, lots: Lots, price: Ticks, m: number, ts: number, reason: string): void {
    const { _u: u, _venue: venue, _account: account } = this;
    const { rules, instrument } = this._s;
    const { symbol } = instrument;
    const fee = roundHalfAway(rules.fees(feeBasis(u, u.notional(price, lots), lots, 'taker', true, ts)));
    const signed = buy ? lots : -lots;
    const realised = venue.fill(0, price, signed, fee);
    account.fill(0, price, signed, fee);
    const slippage = u.inverse
      ? toAmount(Math.abs(u.notionalOf(u.quantity(lots), price * u.tickSize) - u.notionalOf(u.quantity(lots), m * u.tickSize)))
      : Math.round(Math.abs(price - m) * u.notional(1, lots));
    const side = buy ? 'buy' : 'sell';
    const { filled } = this._said;
    filled.ts = ts;
    filled.orderId = orderId;
    filled.side = side;
    filled.price = price;
    filled.lots = lots;
    filled.fee = fee;
    filled.slippage = slippage;
    filled.realised = realised;
    this._fingerprint.add(filled);
    this._fills.push({
      seq: this._seq++,
      ts,
      symbol,
      orderId,
      side,
      price: u.price(price),
      quantity: u.quantity(lots),
      fee: toMoney(fee),
      slippage: toMoney(slippage),
      liquidity: 'taker',
      realised: toMoney(realised),
      reason,
    });
  }

  /** Mark the last point of the curve anew, at this price. */
  private _amend(close: number): void {
    const { _account: account, _u: u } = this;
    const at = this._points - 1;
    if (at < 0) return;
    const notional = account.open === 0 ? 0 : account.notionalAt(0, close);
    const cash = toMoney(account.cash);
    const equity = account.open === 0 ? cash : cash + ((u.inverse ? -notional : notional) - toMoney(account.cost[0] as number));
    this._equity[at] = equity;
    this._exposure[at] = notional === 0 ? 0 : notional / equity;
    this._gross[at] = notional === 0 ? 0 : Math.abs(notional) / equity;
  }

  private _finish(): PlainOutcome {
    const { config, data, rules, instrument } = this._s;
    const { _venue: venue, _host: host, _u: u, _points: points } = this;
    const close = this._last[0] as number;
    const bound = config.to + AFTER;
    // What comes after the last bar moves the clock, and with it the time at which a position is closed.
    const isOpen = venue.open > 0;
    for (; this._nextFunding() < bound; this._paid++) {
      if (isOpen) unusual();
      const { ts, columns } = data.funding as NonNullable<PlainData['funding']>;
      const interval = columns[1]?.[this._paid] as number;
      this._marketFacts++;
      host.settled(0, { symbol: instrument.symbol, ts: ts[this._paid]!, rate: columns[0]![this._paid]!, interval });
    }
    if (config.atEnd === 'close' && isOpen) {
      const row = this._line.row - 1;
      const [, highs, lows, , volumes] = data.bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
      const lastPaid = this._payment.ts;
      const told = lastPaid + rules.latency.report(lastPaid);
      const end = lastPaid === host.now && told < bound ? told : host.now;
      const lots = venue.lots[0] as Lots;
      const m = u.ticks(close);
      const basis = { price: close, quantity: u.quantity(Math.abs(lots)), high: highs[row]!, low: lows[row]!, volume: volumes[row]! };
      const orderId = 'end-of-data-1';
      this._seq++;
      this._fingerprint.add({ ...this._said.target, ts: end, type: 'OrderAccepted', orderId, symbol: instrument.symbol });
      this._fill(orderId, lots < 0, Math.abs(lots), this._taken(lots < 0, m, basis), m, end, 'end-of-data');
    }
    this._amend(close);
    host.finish();
    // The fact that the run has finished.
    this._seq++;
    return {
      fingerprint: this._fingerprint.digest(),
      bars: points,
      events: this._seq + this._marketFacts,
      curve: {
        length: points,
        ts: this._times.subarray(0, points),
        equity: this._equity.subarray(0, points),
        exposure: this._exposure.subarray(0, points),
        gross: this._gross.subarray(0, points),
      },
      fills: this._fills,
      funding: this._funding,
      plots: host.plots,
      notes: this._notes,
    };
  }
}

/** Price of a bar's path at a time, ticks (docs/matching-rules.md §1). `prices`: open, high, low and close, quote currency. */
const priceAt = (
  now: number,
  openTime: number,
  d: number,
  u: Units,
  prices: readonly [number, number, number, number],
  isDown: (open: Ticks, high: Ticks, low: Ticks, close: Ticks) => boolean,
): number => {
  const open = u.ticks(prices[0]);
  const high = u.ticks(prices[1]);
  const low = u.ticks(prices[2]);
  const close = u.ticks(prices[3]);
  const down = isDown(open, high, low, close);
  const first = openTime + d / 3;
  const second = openTime + (2 * d) / 3;
  if (first > now) return along(open, down ? low : high, openTime, first, now);
  if (second > now) return along(down ? low : high, down ? high : low, first, second, now);
  return along(down ? high : low, close, second, openTime + d, now);
};

const along = (pa: number, pb: number, ta: number, tb: number, now: number): number => pa + (pb - pa) * ((now - ta) / (tb - ta));

const marketTicket = (orderId: string, symbol: string, side: Side, lots: Lots, reduceOnly: boolean): Ticket => ({
  orderId,
  symbol,
  side,
  type: 'market',
  lots,
  limit: null,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly,
});
