import { lastValueFrom, tap } from 'rxjs';
import type { Fact } from '../events/fact.js';
import type { Feed, InputRange, Slab } from '../events/feed.js';
import type { Bar, Chunk } from '../events/market.js';
import { FactStream } from '../events/stream.js';
import { RANK, type SimulatedVenue, type VenueEvent } from '../execution/venue.js';
import type { Instrument } from '../market/instrument.js';
import { failed } from '../errors.js';
import { formatTime, HOUR } from '../time.js';
import { toMoney } from '../market/units.js';
import { barStart, timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';
import { EquityRecorder } from '../portfolio/equity.js';
import { availableMargin } from '../risk/available-margin.js';
import type { Denial, RiskCheck } from '../risk/risk-check.js';
import { riskRules } from '../risk/rules.js';
import type { RiskState } from '../risk/state.js';
import type { ForecastSource } from '../models/forecast-source.js';
import { updateFutures } from '../models/panel-walk.js';
import type { Decision, Intent } from '../strategies/intent.js';
import type { Strategy } from '../strategies/strategy.js';
import { Fingerprint } from '../journal/fingerprint.js';
import { accountState, stateHash, STATE_EVERY, type StateMark } from './account-state.js';
import { BarLine, type IndicatorColumns } from './bar-line.js';
import { DriftResponse } from './drift-response.js';
import type { EngineState } from './engine-memory.js';
import { ExecutionDesk } from './execution-desk.js';
import { ForecastFacts } from './forecast-facts.js';
import { leverageOf, marginTiers } from './margin-terms.js';
import { MarketLines } from './market-lines.js';
import { OrderDesk } from './order-desk.js';
import { PlanDesk, type TradingCosts } from './plan-desk.js';
import { RiskDesk } from './risk-desk.js';
import { DEFAULT_PLAN, type RunConfig } from './run-config.js';
import { RunFold } from './run-fold.js';
import type { Note, Params } from './run-result.js';
import { StrategyHost } from './strategy-host.js';

/** What an engine is made of. */
export interface EngineSetup {
  readonly strategy: Strategy;
  readonly params: Params;
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  readonly venue: SimulatedVenue;
  /** What the venue charges, for planning. */
  readonly costs: TradingCosts;
  /** Milliseconds from the venue to the strategy for books, quotes and trades. */
  readonly feedLatency: (ts: number, line: string) => number;
  readonly manifestHash: string;
  readonly keepFacts: boolean;
  readonly cache: IndicatorColumns | null;
  /** Forecasts that the strategy asked for, over the run's symbols in symbol order; null when it asked for none. */
  readonly forecasts: ForecastSource | null;
  /** No step is taken after this moment. */
  readonly until: number;
  readonly onProgress: ((now: number, bars: number) => void) | null;
  readonly signal: AbortSignal | null;
  readonly observe: ((bar: Bar, values: Readonly<Record<string, unknown>>) => void) | null;
  /** For a session on a market that has not ended: whose account it is, how its orders are called, and what an earlier engine of the strategy left open. Left out in a backtest. */
  readonly session?: EngineSession;
}

/** What is different where the market goes on. */
export interface EngineSession {
  /** Name of the account, in every fact. */
  readonly account: string;
  /** Begins the id of each order. */
  readonly orderPrefix: string;
  readonly state: EngineState | null;
  /** Hears every fact, from the first one on. */
  readonly onFact: (fact: Fact) => void;
}

/** The venue's margin, judged before an order is sent where leverage is. Legs of hedged positions are the venue's own business: the view of a check knows only their net. */
export const marginChecks = ({ margin, leverage, risk }: RunConfig, instruments: readonly Instrument[]): RiskCheck[] => {
  if (margin === undefined || margin.positions === 'hedge' || risk.maxLeverage === null) return [];
  const terms = new Map(
    instruments.map(each => [each.symbol, { leverage: leverageOf(each, leverage, margin), tiers: marginTiers(each, margin) }]),
  );
  return [
    availableMargin({ leverageOf: symbol => terms.get(symbol)?.leverage ?? leverage, tiersOf: symbol => terms.get(symbol)?.tiers ?? [] }),
  ];
};

const PROGRESS_EVERY = 1 << 15;
const ACCOUNT = 'backtest';
/** Facts in one moment of market time after which a strategy is held to answer its own orders for ever. */
const ENDLESS = 200_000;
/** Less than any step of market time, more than the resolution of an epoch in milliseconds as a double. */
export const AFTER = 0.001;

/**
 * The one loop. Slabs of columns come in; within a slab everything happens in the order of law 1, each step taken to its end before the next: what is dense (bars) is called
 * directly, what is sparse (intents, orders, fills, funding) flows as facts over the stream. Nothing in here awaits.
 */
export class Engine {
  readonly stream: FactStream;
  readonly fold: RunFold;
  readonly recorder: EquityRecorder;
  readonly fingerprint = new Fingerprint();
  readonly facts: Fact[] = [];
  /** Of a run that keeps its facts: its state after every `STATE_EVERY` of them, and at its end. */
  readonly states: StateMark[] = [];
  readonly notes: Note[] = [];
  readonly desk: OrderDesk;
  readonly plans: PlanDesk;
  readonly executions: ExecutionDesk;
  readonly risk: RiskDesk;
  readonly host: StrategyHost;
  /** Bars delivered to the strategy. */
  bars = 0;
  /** Market data delivered. */
  marketFacts = 0;
  halted: { ts: number; code: string; text: string } | null = null;

  private readonly _s: EngineSetup;
  private readonly _accountName: string;
  private readonly _last: Float64Array;
  /** Bars of the data's own timeframe by symbol, for prices and equity; the strategy's own lines may be longer ones. */
  private readonly _prices: BarLine[];
  private readonly _lines: readonly BarLine[];
  /** Price lines that the strategy does not look at itself. */
  private readonly _unseen: readonly BarLine[];
  private readonly _others: MarketLines;
  private readonly _forecasts: ForecastFacts | null;
  private readonly _drift: DriftResponse | null;
  /** Bars of one instant by symbol, for forecasts. */
  private readonly _panel: (Bar | null)[];
  private readonly _answers: { at: number; event: VenueEvent }[] = [];
  private _answered = 0;
  private readonly _watchesDrawdown: boolean;
  /** Whether stretches without events may be played by `_glide`. */
  private readonly _glides: boolean;
  /** Whether one is. */
  private _isGliding = false;
  /** Bars of the stretch that closed and whose volume is not kept yet, as rows of these columns. */
  private readonly _glided: { openTimes: Float64Array; volumes: Float64Array; from: number; to: number } = {
    openTimes: new Float64Array(0),
    volumes: new Float64Array(0),
    from: 0,
    to: 0,
  };
  private readonly _decideAfter: number;
  /** Highest maintenance rate of any instrument, a little above for rounding. */
  private readonly _maintenance: number;
  /** Gross notional at the last mark. */
  private _gross = 0;
  private readonly _from: number;
  private readonly _to: number;
  private readonly _barMs: number;
  private readonly _barDelay: number;
  private readonly _inputs: readonly InputRange[];
  private _now = -Infinity;
  /** When bars last brought new prices. */
  private _priced = -Infinity;
  private _progressAt = PROGRESS_EVERY;
  private _finished = false;
  /** False while a session warms up: then nothing that the strategy says counts, and what an earlier engine left open is left alone. */
  private _isBegun: boolean;
  private _rememberedAt = NaN;
  private _moment = NaN;
  /** Facts in this moment. */
  private _facts = 0;

  constructor(setup: EngineSetup, inputs: readonly InputRange[]) {
    this._s = setup;
    this._inputs = inputs;
    const state = setup.session?.state ?? null;
    this.stream = new FactStream(state?.nextSeq ?? 0, state?.knownAt);
    this._isBegun = setup.session === undefined;
    this._accountName = setup.session?.account ?? ACCOUNT;
    const { config, instruments, strategy } = setup;
    this.fold = new RunFold(instruments, config.capital, {
      hedge: config.margin?.positions === 'hedge',
      keepsLists: setup.session === undefined,
      keepsPostings: setup.session === undefined && setup.keepFacts,
    });
    if (state !== null) this.fold.account.restore(state);
    const rows = inputs.filter(i => i.kind === 'bars').map(i => i.rows);
    this.recorder = new EquityRecorder(Math.max(1, ...rows));
    this._last = new Float64Array(instruments.length).fill(NaN);
    const base = checkedTimeframe(config.timeframe);
    this._barMs = timeframeMs(base);
    this._barDelay = config.delays.bars;
    const { from } = config;
    const { forecasts } = setup;
    this._panel = instruments.map(() => null);
    this._forecasts =
      forecasts === null
        ? null
        : new ForecastFacts(forecasts, instruments.length, from, event =>
            this.stream.publish({ ...this._envelope(this.stream.takeSeq()), ...event }),
          );
    this.host = new StrategyHost({
      strategy,
      params: setup.params,
      instruments,
      timeframe: base,
      seed: config.seed,
      from,
      barDelay: config.delays.bars,
      account: this.fold.account,
      last: this._last,
      cache: setup.cache,
      forecast: index => forecasts?.forecast(index),
      isSession: setup.session !== undefined,
      intent: intent => this._take(intent),
      note: text => this._note(text),
      observe: setup.observe,
    });
    const futures = this._forecasts?.futures;
    const isDeep = config.fills.kind !== 'bars';
    this._others = new MarketLines({
      host: this.host,
      units: this.fold.account.units,
      delays: config.delays,
      feedLatency: setup.feedLatency,
      wantsBook: index => this.host.wantsBook(index),
      observe: (index, kind, ts, first, second, third) => {
        const view = futures?.[index];
        if (view !== undefined) updateFutures(view, kind, ts, first, second);
        if (kind === 'quotes' && this.risk.isWatching) this.risk.quoted(index, first, third);
        if (kind !== 'trades') return;
        if (this.risk.isWatching) this.risk.traded(index, ts);
        this.executions.traded(index, second);
        // Where orders match on more than bars, sizes are judged by more than the last close.
        if (isDeep) this._last[index] = first;
      },
    });
    this._lines = this.host.lines;
    const seen = this._lines.reduce((least, line) => least.set(line.index, line), new Map<number, BarLine>());
    this._prices = instruments.map((instrument, i) => {
      const own = this._lines.find(line => line.index === i && line.timeframe === base);
      return own ?? new BarLine(instrument.symbol, i, base, base, [], config.delays.bars, null);
    });
    this._unseen = this._prices.filter(line => !this._lines.includes(line));
    const { warmup } = this.host;
    const gate = (index: number, reduces: boolean): Denial | null => {
      if ((seen.get(index)?.seen ?? 0) < warmup)
        return { code: 'warming-up', text: `${instruments[index]?.symbol} has not shown the ${warmup} bars that the strategy needs` };
      if (!(this._now > from) && (setup.session === undefined || !this._isBegun))
        return { code: 'before-start', text: 'the run has not begun' };
      if (this._finished) return { code: 'after-end', text: 'the data has ended' };
      if (!reduces && !this.host.listed(index)) return { code: 'not-listed', text: `${instruments[index]?.symbol} is not listed now` };
      if (Number.isNaN(this._last[index])) return { code: 'no-price', text: `${instruments[index]?.symbol} has no price yet` };
      return null;
    };
    const { margin = null } = config;
    const rules = riskRules({
      limits: config.risk,
      instruments,
      barMs: this._barMs,
      tiersOf: symbol => {
        const instrument = instruments.find(each => each.symbol === symbol);
        return instrument && margin ? marginTiers(instrument, margin) : [];
      },
      now: () => this._now,
      more: marginChecks(config, instruments),
    });
    this.desk = new OrderDesk({
      strategy: strategy.name,
      accountName: this._accountName,
      instruments,
      account: this.fold.account,
      last: this._last,
      stream: this.stream,
      broker: setup.venue,
      checks: rules.checks,
      sent: () => rules.sent(),
      rebalanceBand: config.rebalanceBand,
      leverage: config.leverage,
      orderPrefix: setup.session?.orderPrefix ?? 'o',
      quietUntil: setup.session === undefined ? -Infinity : from,
      gate,
    });
    this.risk = new RiskDesk({
      rules,
      desk: this.desk,
      now: () => this._now,
      publish: change => this.stream.publish({ ...this._envelope(this.stream.takeSeq()), ...change }),
      mayChange: setup.session !== undefined,
    });
    this.executions = new ExecutionDesk({
      strategy: strategy.name,
      accountName: this._accountName,
      instruments,
      account: this.fold.account,
      last: this._last,
      stream: this.stream,
      orders: this.desk,
      isSession: setup.session !== undefined,
      seed: config.seed,
      barMs: this._barMs,
      gate,
    });
    this._drift =
      forecasts === null
        ? null
        : new DriftResponse(forecasts.horizon * this._barMs, this.desk, this.risk, change =>
            this.stream.publish({ ...this._envelope(this.stream.takeSeq()), ...change }),
          );
    this.plans = new PlanDesk({
      strategy: strategy.name,
      accountName: this._accountName,
      instruments,
      account: this.fold.account,
      last: this._last,
      stream: this.stream,
      orders: this.desk,
      config: config.plan ?? DEFAULT_PLAN,
      costs: setup.costs,
      barMs: this._barMs,
      lastBar: index => (this._prices[index] as BarLine).latest(this._priced),
      funding: symbol => (config.funding.kind === 'none' ? undefined : this.host.context.funding(symbol)),
      gate,
    });
    this._watchesDrawdown = config.risk.maxDrawdown !== null || setup.session !== undefined;
    this._decideAfter = from - this.host.lead;
    this._glides =
      this._lines.length === 1 &&
      this._prices.length === 1 &&
      this._lines[0] === this._prices[0] &&
      setup.observe === null &&
      forecasts === null &&
      setup.session === undefined &&
      config.delays.bars === 0;
    this._maintenance = 1.01 * Math.max(...instruments.map(i => i.maintenanceMarginRate));
    this._from = from;
    this._to = config.to;
    this.stream.handle(fact => this._handle(fact));
    if (setup.keepFacts)
      this.stream.onSettled = () => {
        if (this.stream.published - (this.states.at(-1)?.seq ?? -1) > STATE_EVERY) this.states.push(this.stateMark());
      };
    setup.venue.connect(
      event => this._answers.push({ at: setup.venue.reportedAt(event.ts), event }),
      () => this._now,
    );
    if (state !== null) {
      rules.adopt(this.fold.account);
      this._restore(state);
    }
    this._publishOpening();
    if (state !== null) {
      this.desk.now = from;
      this.desk.restored(state.risk, state.risk !== null && this.risk.flattensOn(state.risk.code));
      if (state.risk !== null) this.risk.restored(state.risk, from);
      if (state.marks !== null) this.risk.remember(state.marks);
      this.executions.restored();
    }
  }

  /** Each fact in its turn: first the books and the records, which every component may rely on, then those that act on it. */
  private _handle(fact: Fact): void {
    this._watchMoment();
    this.fold.apply(fact);
    this.fingerprint.add(fact);
    if (this._s.keepFacts) this.facts.push(fact);
    this._s.session?.onFact(fact);
    this.desk.handle(fact);
    this.plans.handle(fact);
    this.executions.handle(fact);
    this.risk.handle(fact);
    this._drift?.handle(fact);
    this.host.handle(fact);
    if (fact.type === 'RiskStateChanged' && fact.state === 'HALTED') this.halted = { ts: fact.ts, code: fact.code, text: fact.text };
    if (fact.type === 'AccountLiquidated') this.halted = { ts: fact.ts, code: 'liquidated', text: 'equity fell to the maintenance margin' };
  }

  /** Facts delivered, market data included. */
  get events(): number {
    return this.stream.published + this.marketFacts;
  }

  /** Run a feed to its end. */
  async run(feed: Feed): Promise<void> {
    // `tap`, not a subscriber: what a subscriber throws, RxJS reports elsewhere.
    await lastValueFrom(feed.slabs$.pipe(tap(slab => this.process(slab))), { defaultValue: null });
    this.finish();
  }

  /** Play everything before `slab.to`. */
  process(slab: Slab): void {
    this._s.signal?.throwIfAborted();
    for (const chunk of slab.chunks) this._load(chunk);
    // What would happen after the window never does: orders still on their way stay there.
    this._play(Math.min(this._whole(slab.to), this._s.config.to + AFTER, this._s.until + AFTER), false);
  }

  /**
   * Where the market goes on: load what has become known and play everything up to `now` and at it, but for orders that arrive and bars that open then: the bar that they meet is not known yet.
   */
  advance(chunks: readonly Chunk[], now: number): void {
    for (const chunk of chunks) this._load(chunk);
    this._play(now, true);
    // What is said next is said now, and not when the last bar closed.
    this._clock(now);
  }

  /**
   * Bars of a live market that came too late: others of their instant have been played. Indicators see them, so that they have no hole, and they are the last prices of their symbols; nothing is decided on them,
   * and no order meets them.
   */
  learn(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this._load(chunk);
    for (const line of [...this._lines, ...this._unseen])
      // Everything else that closed by now has been played.
      for (; line.nextAt <= this._now; line.advance()) {
        line.seen++;
        if (!this._prices.includes(line)) continue;
        this._last[line.index] = line.close();
        if (this.risk.isWatching) this.risk.close(line.index, line.nextAt - this._barDelay, line.close());
      }
  }

  /** Where a slab ends for a run that walks finer bars: a bar is walked along those inside it, so all of them must be there when it opens. */
  private _whole(to: number): number {
    const { fills } = this._s.config;
    return fills.kind !== 'bars' || fills.finer === undefined || to === Infinity ? to : barStart(to, this._barMs);
  }

  /** The data has ended: deliver what is still on its way, close positions if the configuration says so, and complete the stream. */
  finish(): void {
    if (this._finished) return;
    this._finished = true;
    const end = this._now;
    this.plans.ending();
    this.executions.ending();
    if (this._s.config.atEnd === 'close' && this._s.until === Infinity) this._s.venue.closeAll(end, 'end-of-data');
    while (this._answered < this._answers.length) {
      this._clock(Math.max(this._now, (this._answers[this._answered] as { at: number }).at));
      this._answer();
    }
    if (this._s.until === Infinity) {
      this.plans.finish();
      this.executions.finish();
    }
    if (this.recorder.length > 0) this._mark(true);
    this.host.check();
    this.host.finish();
    const seq = this.stream.takeSeq();
    this.stream.publish({ type: 'RunFinished', ...this._envelope(seq), bars: this.bars, fingerprint: this.fingerprint.digest() });
    if (this._s.keepFacts && this.states.at(-1)?.seq !== seq) this.states.push(this.stateMark());
    this.stream.complete();
  }

  /** Take over what an earlier engine of the strategy left open. */
  private _restore(state: EngineState): void {
    for (const fact of state.open) {
      this.desk.restore(fact);
      this.plans.restore(fact);
      this.executions.restore(fact);
    }
  }

  /**
   * The market has been caught up with and the strategy's orders count from now on: what an earlier engine left half done is taken up again.
   */
  begin(): void {
    this._isBegun = true;
    this._clock(Math.max(this._now, this._from));
    this.plans.restored();
    this.plans.closes();
    if (this.desk.state === 'HALTED') this.desk.flatten();
  }

  /** The account's risk state, decided above the strategy. */
  setRisk(state: RiskState, denial: Denial, flatten: boolean): void {
    this.risk.reportAbove(state, denial, flatten);
  }

  /** Market time of what was played last. */
  get now(): number {
    return this._now;
  }

  /** Equity at last prices; of a symbol without one nothing is held. */
  get equity(): number {
    return this.fold.account.equity(this._last);
  }

  /** Books, orders and risk state of now, between two facts, by the engine's own account of them. */
  stateMark(): StateMark {
    const { desk, fold } = this;
    const orders = [...desk.orders.all()].map(({ ticket, remaining }) => [ticket.orderId, remaining] as const);
    const ts = Number.isFinite(this._now) ? this._now : this._s.config.from;
    return { seq: this.stream.published - 1, ts, hash: stateHash(accountState(fold.account, orders, desk.state)) };
  }

  /** Answers that the venue gave and that are no facts yet. */
  untold(): readonly VenueEvent[] {
    return this._answers.slice(this._answered).map(({ event }) => event);
  }

  /** Stop where the market goes on: nothing is closed, nothing more is said. */
  stop(): void {
    this._finished = true;
    this.host.finish();
    this.stream.complete();
  }

  private _publishOpening(): void {
    const seq = this.stream.takeSeq();
    this.stream.publish({ type: 'RunStarted', ...this._envelope(seq), manifest: this._s.manifestHash });
    for (const input of this._inputs) this.stream.publish({ type: 'InputConsumed', ...this._envelope(this.stream.takeSeq()), input });
  }

  private _envelope(seq: number) {
    const ts = Number.isFinite(this._now) ? this._now : this._s.config.from;
    return {
      seq,
      version: 1,
      ts,
      knownAt: ts,
      account: this._accountName,
      strategy: this._s.strategy.name,
      correlationId: seq,
      causationId: this.stream.current,
    };
  }

  private _note(text: string): void {
    // While a session warms up it walks through times that its journal has behind it.
    if (this._s.session !== undefined && !(this._now > this._from)) return;
    this.notes.push({ ts: this._now, text });
    this.stream.publish({ type: 'NoteWritten', ...this._envelope(this.stream.takeSeq()), text });
  }

  /** Bars that open when the run ends, or later, are no part of it: a position that is closed at its end must not be closed at their prices. */
  private _within(chunk: Chunk): Chunk {
    const { to } = this._s.config;
    const { ts, rows, columns } = chunk;
    if (chunk.kind !== 'bars' || rows === 0 || (ts[rows - 1] as number) < to) return chunk;
    let left = rows - 1;
    while (left > 0 && (ts[left - 1] as number) >= to) left--;
    return { ...chunk, rows: left, ts: ts.subarray(0, left), columns: columns.map(column => column.subarray(0, left)) };
  }

  private _load(given: Chunk): void {
    const chunk = this._within(given);
    if (chunk.rows === 0) return;
    const index = this.fold.account.indexOf(chunk.symbol);
    if (index < 0) return;
    // Bars of another timeframe are no part of the run: the venue would walk both as one path.
    // Finer ones are only for the venue, which knows what to do with them.
    if (chunk.kind === 'bars' && timeframeMs(chunk.timeframe ?? '') !== this._barMs) {
      const { fills } = this._s.config;
      if (fills.kind === 'bars' && fills.finer !== undefined && chunk.timeframe === fills.finer) this._s.venue.load(chunk);
      return;
    }
    this._s.venue.load(chunk);
    if (chunk.kind === 'bars') {
      for (const line of this._lines) if (line.index === index) line.load(chunk);
      for (const line of this._unseen) if (line.index === index) line.load(chunk);
      return;
    }
    this._others.load(chunk, index);
  }

  /** Take steps in order of (time, rank) until the next one would be at or after `to`; those at `to` before any arrival too when `inclusive`. */
  private _play(to: number, inclusive: boolean): void {
    const { venue } = this._s;
    const { scheduler, wantsStreams } = this.host;
    const { executions } = this;
    const answers = this._answers;
    for (;;) {
      // Until `quiet` nothing but bars can happen, unless a bar makes it happen.
      let quiet = Math.min(venue.nextAt, this._others.nextAt);
      if (this._answered < answers.length) quiet = Math.min(quiet, (answers[this._answered] as { at: number }).at);
      if (wantsStreams) quiet = Math.min(quiet, scheduler.nextAt);
      quiet = Math.min(quiet, executions.nextAt);
      let at = this._barsAt();
      if (at < quiet) {
        if (at >= to && !(inclusive && at === to)) return;
        // What is next is looked at anew: the last bar may have set anything going. A stretch of no bar goes on below, one bar at a time.
        if (this._glides && this._glide(Math.min(quiet, to)) && this._barsAt() > at) continue;
        do {
          this._clock(at);
          this._bars(at);
          at = this._barsAt();
        } while (
          at < quiet &&
          at < to &&
          venue.nextAt >= quiet &&
          this._answered === answers.length &&
          executions.nextAt >= quiet &&
          !(wantsStreams && scheduler.nextAt < quiet)
        );
        continue;
      }
      at = Math.min(at, this._others.nextAt);
      let rank: number = RANK.facts;
      if (this._answered < answers.length) {
        const due = (answers[this._answered] as { at: number }).at;
        if (due < at) {
          at = due;
          rank = RANK.answers;
        }
      }
      if (wantsStreams && scheduler.nextAt < at) {
        at = scheduler.nextAt;
        rank = RANK.timers;
      }
      if (executions.nextAt < at) {
        at = executions.nextAt;
        rank = RANK.timers;
      }
      const venueAt = venue.nextAt;
      if (venueAt < at || (venueAt === at && venue.nextRank < rank)) {
        if ((venueAt >= to && !(inclusive && venueAt === to && venue.nextRank < RANK.arrivals)) || venueAt === Infinity) return;
        this._clock(venueAt);
        venue.step();
        continue;
      }
      if ((at >= to && !(inclusive && at === to)) || at === Infinity) return;
      this._clock(at);
      if (rank === RANK.facts) {
        if (this._others.nextAt === at) {
          this.marketFacts += this._others.deliver(at);
          // The bars of this moment are the next step, and may begin a stretch of them.
          if (this._glides) continue;
        }
        this._bars(at);
      } else if (rank === RANK.answers) this._answer();
      else {
        if (executions.nextAt <= at) executions.tick(at);
        if (wantsStreams && scheduler.nextAt <= at) this.host.give(() => scheduler.run(at));
      }
    }
  }

  /**
   * Bars before `until` of an engine with one line of them and nothing at work: what `_bars` does, less everything that does something only when something else has happened. The bar after which something
   * may have is the last one. False when there was none.
   */
  private _glide(until: number): boolean {
    const { host, desk, executions, stream, recorder } = this;
    if (this.risk.isWatching || !this.plans.isIdle || !executions.isIdle || !desk.isIdle) return false;
    const line = this._lines[0] as BarLine;
    const i = line.index;
    const { symbol } = line;
    const { account } = this.fold;
    const { venue, onProgress, signal } = this._s;
    const last = this._last;
    const [from, to, decideAfter] = [this._from, this._to, this._decideAfter];
    const { scheduler, wantsStreams } = host;
    const decides = this._s.strategy.decide !== undefined;
    const published = stream.published;
    const venueAt = venue.nextAt;
    // What is held changes with a fact only, so it is read once; what more than one position is worth is the books' business.
    const isSimple = account.open === 0 || (account.open === 1 && account.lots[i] !== 0);
    const { inverse } = account.unitsAt(i);
    const cash = toMoney(account.cash);
    const cost = toMoney(account.cost[i] ?? 0);
    const quantity = (account.lots[i] ?? 0) * account.unitsAt(i).quantity(1);
    const glided = this._glided;
    glided.openTimes = line.openTimes;
    glided.volumes = line.volumes;
    glided.from = glided.to = line.row;
    this._isGliding = true;
    let isQuiet = line.nextAt < until;
    while (isQuiet) {
      const now = line.nextAt;
      const done = line.row + 1;
      this._now = now;
      desk.now = now;
      host.now = now;
      if (wantsStreams) scheduler.set(now);
      const close = line.close();
      last[i] = close;
      glided.to = done;
      this._priced = now;
      desk.closes++;
      this.marketFacts++;
      line.seen++;
      if (now > decideAfter && now <= to) {
        if (now > from) this.bars++;
        if (!decides) host.stream(line, now);
        else {
          const decision = host.decision(line);
          if (decision !== undefined && !this._isThere(decision, symbol, i)) host.decided(decision);
        }
      }
      if (wantsStreams) host.check();
      line.advance();
      isQuiet = line.nextAt < until && line.row === done && stream.published === published;
      if (wantsStreams) isQuiet &&= !(scheduler.nextAt < until);
      if (now <= from || now > to) continue;
      let equity = cash;
      if (!isSimple || stream.published !== published) equity = this._mark(false);
      else if (quantity === 0) {
        this._gross = 0;
        recorder.push(now, cash, 0, 0);
      } else {
        // `_mark`, of one position.
        const notional = inverse ? quantity / close : quantity * close;
        equity = cash + ((inverse ? -notional : notional) - cost);
        const share = notional / equity;
        this._gross = notional < 0 ? -notional : notional;
        recorder.push(now, equity, share, notional < 0 ? -share : share);
      }
      if (this._answered < this._answers.length || equity <= this._gross * this._maintenance) venue.instant(now);
      if (this._watchesDrawdown) this.risk.markDrawdown(equity);
      isQuiet &&= stream.published === published && this._answers.length === 0 && venue.nextAt === venueAt;
      if (this.bars >= this._progressAt) {
        this._progressAt += PROGRESS_EVERY;
        onProgress?.(now, this.bars);
        signal?.throwIfAborted();
      }
    }
    this._isGliding = false;
    this._keepGlided();
    return true;
  }

  private _keepGlided(): void {
    const { openTimes, volumes, from, to } = this._glided;
    this.executions.keepBars((this._lines[0] as BarLine).index, openTimes, volumes, from, to);
    this._glided.from = to;
  }

  /** Whether this is the one symbol's target, and the desk is there already: at a new close it does nothing. */
  private _isThere(decision: Exclude<Decision, void | undefined>, symbol: string, i: number): boolean {
    return 'intent' in decision && decision.intent === 'target' && decision.symbol === symbol && this.desk.isThere(i, decision.exposure);
  }

  /** What the strategy wants, in its turn. */
  private _take(intent: Intent): void {
    if (!this._isBegun) return;
    if (this._isGliding) {
      const { symbol, index } = this._lines[0] as BarLine;
      if (this._isThere(intent, symbol, index)) return;
      // Whoever plans an order may ask what has been traded.
      this._keepGlided();
    }
    if (intent.intent === 'signal') this.plans.take(intent);
    else this.executions.take(intent);
  }

  /** When the next bar can be known. */
  private _barsAt(): number {
    let at = Infinity;
    const lines = this._lines;
    for (let k = 0; k < lines.length; k++) {
      const next = (lines[k] as BarLine).nextAt;
      if (next < at) at = next;
    }
    const unseen = this._unseen;
    for (let k = 0; k < unseen.length; k++) {
      const next = (unseen[k] as BarLine).nextAt;
      if (next < at) at = next;
    }
    return at;
  }

  /** A strategy that answers each answer to its orders with another order keeps time from passing. */
  private _watchMoment(): void {
    if (this._now !== this._moment) {
      this._moment = this._now;
      this._facts = 0;
    } else if (++this._facts > ENDLESS)
      throw failed(
        'endless-moment',
        `Strategy ${this._s.strategy.name} answers the answers to its orders without end: ${ENDLESS.toLocaleString('en-GB')} facts in one moment, ${formatTime(this._now)}.`,
        'Ask for something else only when something has changed, not at every order fact.',
      );
  }

  /** The clock fact. */
  private _clock(at: number): void {
    // Where the market goes on, a bar can arrive after an answer that came later than its close: time does not run back.
    const now = at < this._now ? this._now : at;
    this._now = now;
    this.desk.now = now;
    this.host.now = now;
    if (this.host.wantsStreams) this.host.scheduler.set(now);
  }

  /** The bars of one instant, then its slice, the account's margin and its equity. */
  private _bars(now: number): void {
    const { host } = this;
    let priced = false;
    const last = this._last;
    const prices = this._prices;
    for (let k = 0; k < prices.length; k++) {
      const line = prices[k] as BarLine;
      if (line.nextAt !== now) continue;
      last[line.index] = line.close();
      this.executions.keepBar(line);
      if (this.risk.isWatching) this.risk.close(line.index, now - this._barDelay, last[line.index] as number);
      priced = true;
      if (this._forecasts !== null) this._panel[line.index] = line.bar();
    }
    if (priced && this.risk.isWatching && now > this._from && now <= this._to) this.risk.mark(this.fold.account.equity(last));
    if (priced) {
      this._priced = now;
      this.desk.closes++;
      if (this._isBegun) {
        this.plans.closes();
        this.executions.closes();
        this.desk.flattenAgain();
      }
    }
    if (priced && this._forecasts !== null) {
      this._forecasts.step(now, this._panel);
      if (now > this._from) this._drift?.tick(now);
      this._panel.fill(null);
    }
    const from = this._from;
    const to = this._to;
    const deciding = now > this._decideAfter && now <= to;
    const lines = this._lines;
    for (let k = 0; k < lines.length; k++) {
      const line = lines[k] as BarLine;
      while (line.nextAt === now) {
        this.marketFacts++;
        line.seen++;
        if (deciding) {
          if (now > from) this.bars++;
          host.onBar(line);
        }
        line.advance();
      }
    }
    const unseen = this._unseen;
    for (let k = 0; k < unseen.length; k++) if ((unseen[k] as BarLine).nextAt === now) (unseen[k] as BarLine).advance();
    if (host.wantsSlices) host.onSlice(now);
    if (host.wantsStreams) host.check();
    if (!priced || now <= from || now > to) return;
    const equity = this._mark(false);
    // With no answer on its way the venue's books are these books, and its prices are these unless bars are published late: it need not look at what
    // cannot concern it.
    if (this._s.config.delays.bars > 0 || this._answered < this._answers.length || equity <= this._gross * this._maintenance)
      this._s.venue.instant(now);
    if (this._watchesDrawdown) this.risk.markDrawdown(equity);
    if (this._s.session !== undefined) this._rememberRisk(now);
    if (this.bars >= this._progressAt) {
      this._progressAt += PROGRESS_EVERY;
      this._s.onProgress?.(now, this.bars);
      this._s.signal?.throwIfAborted();
    }
  }

  /** What marks have shown goes into the journal once an hour of market time: a restart must not forget a peak or a day's loss. */
  private _rememberRisk(now: number): void {
    const hour = Math.floor(now / HOUR);
    if (hour === this._rememberedAt) return;
    this._rememberedAt = hour;
    this.stream.publish({ ...this._envelope(this.stream.takeSeq()), type: 'RiskRemembered', ...this.risk.memory() });
  }

  /** Put equity and exposure at last prices on the curve, or mark its last point anew; returns equity. */
  private _mark(isAmendment: boolean): number {
    const { account } = this.fold;
    const last = this._last;
    let equity = toMoney(account.cash);
    let net = 0;
    let gross = 0;
    if (account.open > 0)
      for (let slot = 0; slot < account.lots.length; slot++) {
        if (account.lots[slot] === 0) continue;
        const i = account.symbolOf(slot);
        const notional = account.notionalAt(slot, last[i] as number);
        // `profitAt`, of the notional at hand.
        equity += (account.unitsAt(i).inverse ? -notional : notional) - toMoney(account.cost[slot] as number);
        net += notional;
        gross += Math.abs(notional);
      }
    this._gross = gross;
    // Flat is flat, also when nothing is left.
    const netShare = net === 0 ? 0 : net / equity;
    const grossShare = gross === 0 ? 0 : gross / equity;
    if (isAmendment) this.recorder.amend(equity, netShare, grossShare);
    else this.recorder.push(this._now, equity, netShare, grossShare);
    return equity;
  }

  /** The venue's next answer becomes known: it gets its envelope and its turn. */
  private _answer(): void {
    const { at, event } = this._answers[this._answered++] as { at: number; event: VenueEvent };
    if (this._answered === this._answers.length) {
      this._answers.length = 0;
      this._answered = 0;
    }
    const orderId = 'orderId' in event ? event.orderId : null;
    const order = orderId === null ? undefined : this.desk.orders.get(orderId);
    event.seq = this.stream.takeSeq();
    event.knownAt = at;
    event.account = this._accountName;
    event.strategy = this._s.strategy.name;
    event.correlationId = order?.intent ?? event.seq;
    event.causationId = order?.cause ?? -1;
    this.stream.publish(event);
  }
}
