import { AFTER } from '../engine/engine.js';
import type { BarLine } from '../engine/bar-line.js';
import type { Note, PlotSeries } from '../engine/run-result.js';
import { StrategyHost } from '../engine/strategy-host.js';
import { timeframe as checkedTimeframe } from '../market/timeframe.js';
import { toMoney, type Lots } from '../market/units.js';
import type { MarginTier } from '../market/margin-tiers.js';
import type { EquityCurve } from '../portfolio/equity.js';
import type { Fill, FundingPayment } from '../portfolio/fill.js';
import { PlainBooks } from './plain-books.js';
import { PlainMargin } from './plain-margin.js';
import { PlainOrders } from './plain-orders.js';
import type { PlainData, PlainSetup } from './plain-terms.js';
import { isUnusual, unusual } from './plain-unusual.js';
import type { ExchangeRules } from './simulated-exchange.js';

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

/** Bars between two looks at whether the run is still wanted. */
const LOOK_EVERY = 1 << 15;

/**
 * A run of which nothing is out of the ordinary, several times as fast as the engine plays it and with the same bits: a strategy that sets targets in one perpetual, each of them met by one market order that fills whole on
 * the bar after, funding, and margin that is never short. Bars on which nothing happens cost one call of `decide`. Null as soon as anything else comes up (a denial, a fill in parts, a price near a
 * liquidation, an intent that is no target, a gap in the bars under an order): then the engine plays the run from its beginning.
 */
export const plainRun = (setup: PlainSetup): PlainOutcome | null => {
  try {
    return new PlainRun(setup).play();
  } catch (error) {
    if (isUnusual(error)) return null;
    throw error;
  }
};

class PlainRun {
  private readonly _s: PlainSetup;
  private readonly _books: PlainBooks;
  private readonly _margin: PlainMargin;
  private readonly _orders: PlainOrders;
  private readonly _last = new Float64Array(1).fill(NaN);
  private readonly _host: StrategyHost;
  private readonly _line: BarLine;
  /** Columns of the curve, and its points so far: all of them are bars that the strategy decided on. */
  private readonly _times: Float64Array;
  private readonly _equity: Float64Array;
  private readonly _exposure: Float64Array;
  private readonly _gross: Float64Array;
  private _points = 0;
  private readonly _notes: Note[] = [];
  private _marketFacts = 0;
  /** Next row of funding. */
  private _paid = 0;

  constructor(setup: PlainSetup) {
    this._s = setup;
    const { strategy, params, config, instrument, rules, data } = setup;
    const base = checkedTimeframe(config.timeframe);
    this._books = new PlainBooks(setup);
    const { account, venue, units } = this._books;
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
      account,
      last: this._last,
      cache: setup.cache,
      forecast: () => undefined,
      intent: unusual,
      note: text => {
        this._books.seq++;
        this._notes.push({ ts: this._host.now, text });
      },
      observe: null,
    });
    const [line] = this._host.lines;
    if (line === undefined || this._host.lines.length > 1 || line.timeframe !== base) unusual();
    this._line = line as BarLine;
    const { terms } = rules.margin as NonNullable<ExchangeRules['margin']>;
    this._margin = new PlainMargin(venue, units, terms.tiers[0] as readonly MarginTier[]);
    this._orders = new PlainOrders({
      setup,
      books: this._books,
      margin: this._margin,
      terms,
      host: this._host,
      line: this._line,
      last: this._last,
    });
  }

  play(): PlainOutcome {
    const { config, data, instrument, signal } = this._s;
    const { bars } = data;
    const { rows } = bars;
    const [, high, low, closes] = bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array];
    const { _host: host, _line: line, _last: last, _books: books, _orders: orders } = this;
    const { account, units } = books;
    const { guard } = this._margin;
    const { from, to } = config;
    const decideAfter = from - host.lead;
    const { symbol } = instrument;
    line.load(bars);
    const { _times: times, _equity: equities, _exposure: exposures, _gross: grosses } = this;
    const { inverse } = units;
    const opens = bars.ts;
    const barMs = line.length;
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
        if (decision !== undefined) orders.hear(decision, symbol, now);
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
      if (books.isOwed || orders.ticket !== null) {
        if (books.isOwed) books.tellPayment();
        if (orders.ticket !== null) orders.arrive(row + 1, now);
        cash = toMoney(account.cash);
        cost = toMoney(account.cost[0] as number);
        quantity = (account.lots[0] as number) * units.quantity(1);
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
      if (rules.funding && this._books.venue.open > 0) {
        if (ts !== now) unusual();
        this._books.pay(ts, rate, close);
        this._margin.paid(close);
      }
      this._marketFacts++;
      this._host.settled(0, { symbol: instrument.symbol, ts, rate, interval: intervals?.[this._paid] as number });
    }
  }

  /** Mark the last point of the curve anew, at the last price. */
  private _amend(): void {
    const { account } = this._books;
    const at = this._points - 1;
    if (at < 0) return;
    const notional = account.notionalAt(0, this._last[0] as number);
    const equity = account.equity(this._last);
    this._equity[at] = equity;
    this._exposure[at] = notional === 0 ? 0 : notional / equity;
    this._gross[at] = notional === 0 ? 0 : Math.abs(notional) / equity;
  }

  private _finish(): PlainOutcome {
    const { config, data, rules, instrument } = this._s;
    const { _books: books, _host: host, _points: points } = this;
    const { venue, units: u } = books;
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
      const { lastPaid } = books;
      const told = lastPaid + rules.latency.report(lastPaid);
      const end = lastPaid === host.now && told < bound ? told : host.now;
      const lots = venue.lots[0] as Lots;
      const m = u.ticks(close);
      const basis = { price: close, quantity: u.quantity(Math.abs(lots)), high: highs[row]!, low: lows[row]!, volume: volumes[row]! };
      const orderId = 'end-of-data-1';
      const buy = lots < 0;
      const price = books.taken(buy, m, basis);
      books.accept(orderId, end);
      books.book({ orderId, buy, lots: Math.abs(lots), price, marketPrice: m, ts: end, reason: 'end-of-data' });
    }
    this._amend();
    host.finish();
    // The fact that the run has finished.
    books.seq++;
    return {
      fingerprint: books.fingerprint.digest(),
      bars: points,
      events: books.seq + this._marketFacts,
      curve: {
        length: points,
        ts: this._times.subarray(0, points),
        equity: this._equity.subarray(0, points),
        exposure: this._exposure.subarray(0, points),
        gross: this._gross.subarray(0, points),
      },
      fills: books.fills,
      funding: books.funding,
      plots: host.plots,
      notes: this._notes,
    };
  }
}
