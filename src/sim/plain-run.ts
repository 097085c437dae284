import { promiseHooks } from 'node:v8';
import { turn } from '../events/turn.js';
import { AFTER } from '../engine/engine.js';
import type { BarLine } from '../engine/bar-line.js';
import type { Note, PlotSeries } from '../engine/run-result.js';
import { StrategyHost } from '../engine/strategy-host.js';
import type { FundingRate } from '../events/market.js';
import { timeframe as checkedTimeframe } from '../market/timeframe.js';
import { isInverse } from '../market/instrument.js';
import type { MarginTier } from '../market/margin-tiers.js';
import type { Lots } from '../market/units.js';
import type { EquityCurve } from '../portfolio/equity.js';
import type { Fill, FundingPayment } from '../portfolio/fill.js';
import { PlainBoard } from './plain-board.js';
import { PlainBooks } from './plain-books.js';
import type { PlainFacts } from './plain-facts.js';
import { playBars, type Decider, type PlainEvents } from './plain-loop.js';
import { PlainMargin } from './plain-margin.js';
import { PlainOrders } from './plain-orders.js';
import { PlainScratch } from './plain-scratch.js';
import { PlainStream } from './plain-stream.js';
import type { PlainData, PlainSetup } from './plain-terms.js';
import { isUnusual, unusual } from './plain-unusual.js';
import type { ExchangeRules } from './simulated-exchange.js';

/** What came of it, as an engine would say. */
export interface PlainOutcome {
  readonly fingerprint: string;
  readonly bars: number;
  readonly events: number;
  readonly curve: EquityCurve;
  /** Made when asked for. */
  readonly fills: () => readonly Fill[];
  readonly funding: () => readonly FundingPayment[];
  readonly plots: readonly PlotSeries[];
  readonly notes: readonly Note[];
  /** Null where they were not wanted. */
  readonly facts: PlainFacts | null;
}

/**
 * A run of which nothing is out of the ordinary, many times as fast as the engine plays it and with the same bits: a strategy that sets targets in one perpetual, each of them met by one market order that fills whole on
 * the bar after, funding, and margin that is never short. Bars on which nothing happens cost one call of `decide`. Null as soon as anything else comes up (a denial, a fill in parts, a price near a
 * liquidation, an intent that is no target, a gap in the bars under an order): then the engine plays the run from its beginning.
 *
 * Whoever decides is a `Decider`: the strategy itself in the `decide` form. A second one (a strategy of another form) must
 * - say on each bar, synchronously, what an engine would have heard of it by the end of that bar: one target, or nothing; anything else gives the run up;
 * - keep to what it is given, the bar, its indicators and the context: the lane tells it of no order, fill, payment or rate, so one that listens to these has to hear of them where `PlainBooks` puts them into the fingerprint (and rates where
 *   `_settle` passes them), each in the order in which they stand there and with the `seq` that the books count;
 * - be asked nothing outside `decide`, and leave alone what plays before the first bar (`asked`) and after the last one;
 * - be let in by `plainTerms`, which turns away all that is not known to keep these rules.
 */
export const plainRun = async (setup: PlainSetup): Promise<PlainOutcome | null> => {
  let run: PlainRun | null = null;
  try {
    run = new PlainRun(setup);
    return await run.play();
  } catch (error) {
    if (!isUnusual(error)) throw error;
    run?.giveUp();
    return null;
  }
};

const NONE = new Float64Array(0);

/** First row of which this holds, as it does of all after it. */
const firstRow = (rows: number, holds: (row: number) => boolean): number => {
  let [low, high] = [0, rows];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};

class PlainRun implements PlainEvents {
  private readonly _s: PlainSetup;
  private readonly _board = new PlainBoard();
  private readonly _scratch: PlainScratch;
  private readonly _books: PlainBooks;
  private readonly _margin: PlainMargin;
  private readonly _orders: PlainOrders;
  private readonly _last = new Float64Array(1).fill(NaN);
  private readonly _host: StrategyHost;
  private readonly _line: BarLine;
  /** The decider of a strategy of the `run` form; null for one that is its own. */
  private readonly _stream: PlainStream | null;
  private readonly _notes: Note[] = [];
  private readonly _tellsRates: boolean;
  /** No bar is played at the moment. */
  private _isOut = false;
  /** Something was done that has no place here. */
  private _isOdd = false;
  private _isOver = false;
  /** Bars played, at the least. */
  private _played = 0;
  /** Settlements of funding, where there are any, and whether they are paid. */
  private readonly _settlements: number;
  private readonly _fundingTs: Float64Array;
  private readonly _rates: Float64Array;
  private readonly _paysFunding: boolean;
  /** Points of the curve: all of them are bars that the strategy decided on. */
  private _points = 0;
  private _rows = 0;
  /** Next row of funding. */
  private _paid = 0;
  /** The last settlement that somebody asked about, by its row. */
  private _asked: { readonly row: number; readonly rate: FundingRate } | null = null;

  constructor(setup: PlainSetup) {
    this._s = setup;
    const { strategy, params, config, instrument, rules, data } = setup;
    const base = checkedTimeframe(config.timeframe);
    this._settlements = data.funding?.rows ?? 0;
    this._fundingTs = data.funding?.ts ?? NONE;
    this._rates = data.funding?.columns[0] ?? NONE;
    this._paysFunding = rules.funding;
    this._scratch = setup.scratch ?? new PlainScratch();
    this._scratch.begin(data.bars.rows);
    this._books = new PlainBooks(setup, this._scratch, this._board);
    const { account, venue, units } = this._books;
    this._stream = strategy.run === undefined ? null : new PlainStream();
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
      funding: () => this._lastRate(),
      forecast: () => undefined,
      intent: intent => (this._stream === null ? unusual() : this._stream.take(intent)),
      note: text => {
        if (this._isOver) return;
        // Between two stretches of bars: from a promise.
        if (this._isOut) this._isOdd = true;
        if (this._isOdd || this._stream?.mayNote() === false) return;
        this._books.seq++;
        this._notes.push({ ts: this._host.now, text });
        this._books.facts?.noted(this._host.now, text);
      },
      observe: null,
    });
    this._tellsRates = this._host.funding$.observed;
    this._line = this._host.lines[0] as BarLine;
    const { terms } = rules.margin as NonNullable<ExchangeRules['margin']>;
    this._margin = new PlainMargin(venue, units, terms.tiers[0] as readonly MarginTier[], this._board);
    this._orders = new PlainOrders({
      setup,
      books: this._books,
      margin: this._margin,
      terms,
      host: this._host,
      line: this._line,
      board: this._board,
      last: this._last,
    });
  }

  async play(): Promise<PlainOutcome> {
    const { strategy, config, data, instrument, signal, onProgress = null, play = playBars } = this._s;
    signal?.throwIfAborted();
    // Not before there is a run to give up: then whoever listens lets go.
    this._stream?.begin(this._host);
    if (this._host.lines.length !== 1 || this._line.timeframe !== checkedTimeframe(config.timeframe)) unusual();
    const { bars } = data;
    const { ts } = bars;
    const { _host: host, _line: line, _scratch: scratch } = this;
    const { from, to } = config;
    line.load(bars);
    const barMs = line.length;
    const rows = firstRow(bars.rows, row => !((ts[row] as number) + barMs < to + AFTER));
    const closesAfter = (time: number): number => firstRow(rows, row => (ts[row] as number) + barMs > time);
    const curve = closesAfter(from);
    const end = Math.max(curve, closesAfter(to));
    const { values, names, outputs } = host.asking(line);
    this._books.show();
    const next = play({
      decider: this._stream ?? (strategy as Decider),
      context: host.context,
      events: this,
      board: this._board,
      clock: host.clock,
      last: this._last,
      values,
      indicators: names.map((name, k) => ({ name, column: line.columns(k), outputs: outputs[k] ?? null })),
      symbol: instrument.symbol,
      timeframe: line.timeframe,
      barMs,
      inverse: this._books.units.inverse,
      ts,
      columns: bars.columns,
      rows,
      asked: closesAfter(from - host.lead),
      curve,
      end,
      equity: scratch.equity,
      exposure: scratch.exposure,
      gross: scratch.gross,
      nextFunding: this._nextFunding(),
    });
    this._isOut = true;
    while (this._playOn(next)) {
      signal?.throwIfAborted();
      if (onProgress === null) continue;
      // Somebody watches: an interrupt is heard, and the bar moves.
      onProgress(host.now, Math.max(0, this._played - curve));
      await this._listen();
    }
    // What a strategy does in promises an engine hears before the run is over.
    await this._listen();
    signal?.throwIfAborted();
    this._rows = rows;
    this._points = end - curve;
    return this._finish(curve);
  }

  /** Funding up to the close of a bar: the venue pays on what is held, the strategy hears of the rate now and of the payment later. */
  settle(now: number, close: number): number {
    const { _books: books, _fundingTs: times } = this;
    const isHeld = this._paysFunding && books.venue.open > 0;
    let row = this._paid;
    for (; row < this._settlements; row++) {
      const ts = times[row] as number;
      if (ts > now) break;
      // Between two closes an order may be on its way; that is for the engine.
      if (isHeld) {
        if (ts !== now) unusual();
        books.pay(row, ts, this._rates[row] as number, close);
        this._margin.paid(close);
        this._board.isDue = true;
      }
      this._paid = row + 1;
      if (this._tellsRates) this._host.settled(0, this._rate(row));
    }
    return row < this._settlements ? (times[row] as number) : Infinity;
  }

  aim(exposure: number, reason: string, row: number, now: number): void {
    this._line.seen = row + 1;
    this._orders.aim(exposure, reason, now);
    this._books.facts?.aimed(now, exposure, reason, this._orders.ticket);
  }

  after(row: number, now: number): void {
    const { _books: books, _orders: orders } = this;
    this._board.isDue = false;
    if (books.isOwed) books.tellPayment();
    if (orders.ticket !== null) orders.arrive(row + 1, now);
    books.show();
  }

  /** The run is not played to its end: whoever listens lets go. */
  giveUp(): void {
    this._isOver = true;
    this._host.finish();
  }

  /** Some ten thousand bars. */
  private _playOn(next: () => boolean): boolean {
    this._isOut = false;
    // What a promise does comes when this thread waits, and the engine waits at other bars.
    const stop = promiseHooks.onInit(() => (this._isOdd = true)) as () => void;
    let isMore;
    try {
      isMore = next();
    } finally {
      stop();
    }
    if (this._isOdd) unusual();
    this._isOut = true;
    this._played += 1 << 15;
    return isMore;
  }

  /** One turn of the event loop, in which a strategy may speak that uses promises. What it says then is for the engine. */
  private async _listen(): Promise<void> {
    const { plotted } = this._host;
    await turn();
    if (this._isOdd || this._host.plotted !== plotted || this._stream?.isOdd === true) unusual();
    this._host.check();
  }

  private _nextFunding(): number {
    const { funding } = this._s.data;
    return funding === null || this._paid >= funding.rows ? Infinity : (funding.ts[this._paid] as number);
  }

  private _rate(row: number): FundingRate {
    const { ts, columns } = this._s.data.funding as NonNullable<PlainData['funding']>;
    const [rates, intervals] = columns as [Float64Array, Float64Array | undefined];
    return { symbol: this._s.instrument.symbol, ts: ts[row]!, rate: rates[row]!, interval: intervals?.[row] as number };
  }

  /** The rate that was settled last, the same object however often it is asked for. */
  private _lastRate(): FundingRate | undefined {
    const row = this._paid - 1;
    if (row < 0) return undefined;
    if (this._asked?.row !== row) this._asked = { row, rate: this._rate(row) };
    return this._asked.rate;
  }

  /** Mark the last point of the curve anew, at the last price. */
  private _amend(): void {
    const { account } = this._books;
    const { equity, exposure, gross } = this._scratch;
    const at = this._points - 1;
    if (at < 0) return;
    const notional = account.notionalAt(0, this._last[0] as number);
    equity[at] = account.equity(this._last);
    exposure[at] = notional === 0 ? 0 : notional / equity[at];
    gross[at] = notional === 0 ? 0 : Math.abs(notional) / equity[at];
  }

  private _finish(curve: number): PlainOutcome {
    const { config, data, rules, instrument } = this._s;
    const { _books: books, _host: host, _points: points, _scratch: scratch } = this;
    const { venue, units: u } = books;
    const close = this._last[0] as number;
    const bound = config.to + AFTER;
    // What comes after the last bar moves the clock, and with it the time at which a position is closed.
    const isOpen = venue.open > 0;
    while (this._nextFunding() < bound) {
      if (isOpen) unusual();
      const row = this._paid++;
      if (this._tellsRates) host.settled(0, this._rate(row));
    }
    if (config.atEnd === 'close' && isOpen) {
      const row = this._rows - 1;
      const [, highs, lows, , volumes] = data.bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
      const { lastPaid } = books;
      const told = lastPaid + rules.latency.report(lastPaid);
      const end = lastPaid === host.now && told < bound ? told : host.now;
      const lots = venue.lots[0] as Lots;
      const m = u.ticks(close);
      const basis = { price: close, quantity: u.quantity(Math.abs(lots)), high: highs[row]!, low: lows[row]!, volume: volumes[row]! };
      const buy = lots < 0;
      const price = books.taken(buy, m, basis);
      books.acceptEnd(end);
      books.book({ order: 0, buy, lots: Math.abs(lots), price, marketPrice: m, ts: end, reason: 'end-of-data' });
    }
    this._amend();
    host.check();
    // What a strategy says as its streams end, an engine hears at a time of its own.
    const { plotted } = host;
    host.finish();
    if (this._isOdd || this._stream?.isOdd === true || host.plotted !== plotted) unusual();
    this._isOver = true;
    // The fact that the run has finished.
    books.seq++;
    const fingerprint = books.fingerprint.digest();
    const settled = this._paid === 0 ? -Infinity : (data.funding?.ts[this._paid - 1] ?? -Infinity);
    books.facts?.finished(Math.max(host.now, settled), points, fingerprint);
    const { record, runs } = scratch;
    const { symbol } = instrument;
    if (this._s.scratch !== null) scratch.outcome = record.outcome(isInverse(symbol));
    const lists = <T>(make: () => T[]): (() => readonly T[]) => {
      let made: readonly T[] | null = null;
      return () => {
        if (made === null && scratch.runs !== runs) throw new Error('the memory of this run is used by another by now');
        return (made ??= make());
      };
    };
    return {
      fingerprint,
      bars: points,
      events: books.seq + this._rows + this._paid,
      curve: {
        length: points,
        ts: scratch.closes(data.bars.ts, curve, points, this._line.length),
        equity: scratch.equity.subarray(0, points),
        exposure: scratch.exposure.subarray(0, points),
        gross: scratch.gross.subarray(0, points),
      },
      fills: lists(() => record.fills(symbol)),
      funding: lists(() => record.funding(symbol, u)),
      plots: host.plots,
      notes: this._notes,
      facts: books.facts,
    };
  }
}
