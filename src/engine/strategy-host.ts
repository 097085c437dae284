import { Subject, type Subscription } from 'rxjs';
import { failed } from '../errors.js';
import type { AccountFact } from '../events/account.js';
import type { Fact } from '../events/fact.js';
import type { Bar, BookUpdate, FundingRate, Quote, ReferencePrice, Slice, Trade } from '../events/market.js';
import type { OrderFact } from '../events/order.js';
import type { BookFeed } from '../market/book-sync.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { BookView } from '../market/order-book.js';
import { timeframeMs, type Timeframe } from '../market/timeframe.js';
import type { ForecastView } from '../models/forecast-source.js';
import type { Account } from '../portfolio/account.js';
import { random } from '../random.js';
import type { Decision, Intent } from '../strategies/intent.js';
import type { Context, IndicatorSet, Need, RunStreams, Strategy } from '../strategies/strategy.js';
import { BarLine, type IndicatorColumns } from './bar-line.js';
import { ClockScheduler } from './clock-scheduler.js';
import { DirectSubject } from './direct-subject.js';
import type { Params, PlotSeries } from './run-result.js';
import { SliceDraft } from './slice-view.js';
import { StrategyContext } from './strategy-context.js';

/** What the host is told about the run. */
export interface HostSetup {
  readonly strategy: Strategy;
  readonly params: Params;
  readonly instruments: readonly Instrument[];
  readonly timeframe: Timeframe;
  readonly seed: number;
  /** When the run begins: where the scheduler stands until the clock says otherwise. */
  readonly from: number;
  readonly barDelay: number;
  readonly account: Account;
  readonly last: Float64Array;
  readonly cache: IndicatorColumns | null;
  /** The forecast of this instant for a symbol by index. */
  readonly forecast: (index: number) => ForecastView | undefined;
  /** The last settled rate of a symbol by index, of a caller that does not tell of each by `settled`. */
  readonly funding?: (index: number) => FundingRate | undefined;
  /** The market goes on, and columns of bars may change once they have been played; false when left out. */
  readonly isSession?: boolean;
  /** Takes each intent in its turn. */
  readonly intent: (intent: Intent) => void;
  readonly note: (text: string) => void;
  /** Sees every bar with the indicator values that the strategy sees; for verification. */
  readonly observe: ((bar: Bar, values: Readonly<Record<string, unknown>>) => void) | null;
}

type Values = Record<string, unknown>;

/**
 * Runs a strategy of any form: keeps its bars and indicators, gives it the context, and lifts `decide` and `decideSlice` into the stream. An intent outside the
 * strategy's turn (from a promise or a timer of its own) is an error that names it.
 */
export class StrategyHost {
  /** What the strategy is given; its functions may be taken apart from it. */
  readonly context: Context<Params>;
  readonly lines: BarLine[] = [];
  readonly needs: readonly Need[];
  /** Bars that a symbol must have shown before its intents count, by symbol index. */
  readonly warmup: number;
  /** Milliseconds of bars before the start at which the strategy is called already, to fill its memory. */
  readonly lead: number;
  readonly wantsSlices: boolean;
  readonly wantsStreams: boolean;
  readonly funding$ = new Subject<FundingRate>();
  readonly trades$ = new Subject<Trade>();
  readonly quotes$ = new Subject<Quote>();
  private readonly _book$ = new Subject<BookUpdate>();
  /** One a symbol, used again for each update. */
  private readonly _bookUpdates: { symbol: Symbol; ts: number; book: BookView }[] = [];
  private readonly _books: (BookFeed | undefined)[];
  readonly mark$ = new Subject<ReferencePrice>();
  readonly scheduler = new ClockScheduler();
  /** Points drawn so far. */
  plotted = 0;
  /** What the clock says, for a loop that sets it on each bar: in an object it would be a number of its own each time. */
  readonly clock = new Float64Array(1).fill(-Infinity);

  private readonly _s: HostSetup;
  private readonly _strategy: Strategy;
  private readonly _observe: HostSetup['observe'];
  /** Whether anybody looks at each bar by itself. */
  private readonly _wantsBars: boolean;
  private readonly _indicators: IndicatorSet;
  private readonly _names: readonly string[];
  /** For each indicator the names of its outputs, or null for a single number. */
  private readonly _outputs: readonly (readonly string[] | null)[];
  /** Whether each indicator is a single number. */
  private readonly _areNumbers: boolean;
  private readonly _values: Values = {};
  private readonly _bars$ = new DirectSubject<{ bar: Bar; indicators: Values }>();
  private readonly _slices$ = new Subject<Slice>();
  private readonly _orders$ = new Subject<OrderFact>();
  private readonly _account$ = new Subject<AccountFact>();
  private _subscription: Subscription | null = null;
  private readonly _funding: (FundingRate | undefined)[];
  private readonly _listed: Uint8Array;
  private _universe: readonly Symbol[];
  /** The instant at hand, for strategies that look at slices. */
  private readonly _slice: SliceDraft;
  private readonly _plots = new Map<string, { symbol: string; name: string; ts: number[]; value: number[] }>();
  private readonly _random: () => number;
  private _symbol: Symbol = '';
  private _inTurn = false;
  private _failure: { readonly error: unknown } | null = null;

  constructor(setup: HostSetup) {
    this._s = setup;
    this._strategy = setup.strategy;
    this._observe = setup.observe;
    const { strategy, params, instruments, timeframe } = setup;
    this._universe = instruments.map(i => i.symbol);
    this._listed = new Uint8Array(instruments.length).fill(1);
    this._funding = instruments.map(() => undefined);
    this._books = instruments.map(() => undefined);
    this._random = random(`${setup.seed}/strategy`).next;
    const declared = strategy.needs?.({ universe: this._universe, timeframe, params });
    this.needs =
      declared === undefined
        ? [{ kind: 'bars', symbols: this._universe, timeframe, warmup: 0 }]
        : 'kind' in declared
          ? [declared]
          : declared;
    this._indicators = strategy.indicators?.(params) ?? {};
    this._names = Object.keys(this._indicators);
    const features = Object.values(this._indicators);
    this._outputs = features.map(f => (f.outputs.length === 1 && f.outputs[0] === 'value' ? null : f.outputs));
    this._areNumbers = this._outputs.every(outputs => outputs === null);
    this._slice = new SliceDraft({
      symbols: this._universe,
      indexOf: symbol => setup.account.indexOf(symbol),
      names: this._names,
      outputs: this._outputs,
      isSession: setup.isSession === true,
    });
    const barNeeds = this.needs.filter(need => need.kind === 'bars');
    this.warmup = Math.max(0, ...features.map(f => f.warmup), ...barNeeds.map(n => n.warmup));
    this.lead = Math.max(0, ...barNeeds.map(n => n.warmup * timeframeMs(n.timeframe)));
    for (const need of barNeeds)
      for (const symbol of need.symbols) {
        const index = setup.account.indexOf(symbol);
        if (index < 0)
          throw failed('unknown-symbol', `Strategy ${strategy.name} needs ${symbol}, which is not in the run.`, 'Add it to --symbols.');
        this.lines.push(new BarLine(symbol, index, need.timeframe, timeframe, features, setup.barDelay, setup.cache));
      }
    // Law 1: short timeframes first, then by symbol.
    this.lines.sort((a, b) => a.length - b.length || (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
    this.context = this._makeContext(strategy.memory?.(params));
    this.wantsStreams = strategy.run !== undefined;
    this.wantsSlices = strategy.decideSlice !== undefined || strategy.run !== undefined;
    this._wantsBars = strategy.decideSlice === undefined || setup.observe !== null;
    this.scheduler.set(setup.from);
    if (strategy.run) {
      const streams: RunStreams<Params, Values> = {
        params,
        context: this.context,
        bars$: this._bars$,
        slices$: this._slices$,
        trades$: this.trades$,
        quotes$: this.quotes$,
        book$: this._book$,
        funding$: this.funding$,
        mark$: this.mark$,
        orders$: this._orders$,
        account$: this._account$,
        scheduler: this.scheduler,
      };
      this._turn(() => {
        this._subscription =
          strategy.run?.(streams).subscribe({ next: intent => this._take(intent), error: error => this._fail(error) }) ?? null;
      });
    }
  }

  get now(): number {
    return this.clock[0] as number;
  }

  set now(now: number) {
    this.clock[0] = now;
  }

  get universe(): readonly Symbol[] {
    return this._universe;
  }

  /** Cash + unrealised PnL at last closes. */
  get equity(): number {
    return this._s.account.equity(this._s.last);
  }

  /** For a loop that asks about the bars of one line itself: what it fills with the indicators of each, under which names, and the names of the outputs of those that are several numbers. */
  asking({ symbol }: BarLine): {
    readonly values: Values;
    readonly names: readonly string[];
    readonly outputs: readonly (readonly string[] | null)[];
  } {
    this._symbol = symbol;
    return { values: this._values, names: this._names, outputs: this._outputs };
  }

  /** What the strategy drew. */
  get plots(): PlotSeries[] {
    return [...this._plots.values()].map(p => ({
      name: p.name,
      symbol: p.symbol,
      ts: Float64Array.from(p.ts),
      value: Float64Array.from(p.value),
    }));
  }

  listed(index: number): boolean {
    return this._listed[index] === 1;
  }

  /** A symbol joins or leaves the universe. */
  membership(index: number, listed: boolean): void {
    this._listed[index] = listed ? 1 : 0;
    this._universe = this._s.instruments.filter((_, i) => this._listed[i] === 1).map(i => i.symbol);
  }

  settled(index: number, rate: FundingRate): void {
    this._funding[index] = rate;
    if (this.funding$.observed) this._turn(() => this.funding$.next(rate));
  }

  /** Whether the strategy asked for the order book of a symbol. */
  wantsBook(index: number): boolean {
    const symbol = this._s.instruments[index]?.symbol;
    return symbol !== undefined && this.needs.some(({ kind, symbols }) => kind === 'book' && symbols.includes(symbol));
  }

  /** A message of a symbol's order book has been applied. */
  bookUpdated(index: number, ts: number, feed: BookFeed): void {
    this._books[index] = feed;
    if (!feed.valid || !this._book$.observed) return;
    const update = (this._bookUpdates[index] ??= { symbol: this._s.instruments[index]?.symbol ?? '', ts, book: feed.book });
    update.ts = ts;
    const nested = this._inTurn;
    this._inTurn = true;
    this._book$.next(update);
    this._inTurn = nested;
  }

  /** Give the strategy something in its turn. */
  give(action: () => void): void {
    this._turn(action);
  }

  /** What the strategy decides on the bar at the line's cursor, for one that has nothing but `decide`; what it says is still to be taken. */
  decision(line: BarLine): Decision {
    this._symbol = line.symbol;
    return this._strategy.decide?.(line.bar(), this._fill(line, this._values), this.context);
  }

  /** Take what the strategy decided. */
  decided(decision: Decision): void {
    this._decided(decision);
  }

  /** The bar at the line's cursor and its slice, for a strategy of another form than `decide` and where no other line has a bar at this instant. */
  stream(line: BarLine, now: number): void {
    this._symbol = line.symbol;
    const isHeard = this._bars$.observed;
    const decides = this._strategy.decideSlice !== undefined;
    if (isHeard || decides || this._slices$.observed) {
      const bar = line.bar();
      const row = this._fill(line, {});
      if (isHeard) this._tell(bar, row);
      // It may begin to listen to slices at any bar.
      if (decides || this._slices$.observed) {
        this._slice.add(line, bar);
        this.onSlice(now);
      }
    }
    this._symbol = '';
  }

  /** A bar and its indicators, both of them the strategy's to keep, for one of the `run` form whose host is fed by another loop than an engine's. */
  tell(bar: Bar, indicators: Values): void {
    this._symbol = bar.symbol;
    this.scheduler.set(this.now);
    if (this._bars$.observed) this._tell(bar, indicators);
    this._symbol = '';
  }

  /** Whether a strategy of the `run` form listens to what follows from its own orders, to settled rates or to slices, or waits for a time. It may begin to at any bar. */
  get hearsMoreThanBars(): boolean {
    return (
      this._orders$.observed ||
      this._account$.observed ||
      this._slices$.observed ||
      this.funding$.observed ||
      this.scheduler.nextAt < Infinity
    );
  }

  private _tell(bar: Bar, indicators: Values): void {
    const nested = this._inTurn;
    this._inTurn = true;
    try {
      this._bars$.next({ bar, indicators });
    } finally {
      this._inTurn = nested;
    }
  }

  /** One completed bar, the one at the line's cursor. */
  onBar(line: BarLine): void {
    this._symbol = line.symbol;
    const bar = this._wantsBars ? line.bar() : undefined;
    if (bar !== undefined && this._observe !== null) this._observe(bar, this._fill(line, {}));
    const strategy = this._strategy;
    if (bar !== undefined && strategy.decide) {
      this._decided(strategy.decide(bar, this._fill(line, this._values), this.context));
      return;
    }
    if (bar !== undefined && this._bars$.observed) {
      const row = this._fill(line, {});
      this._turn(() => this._bars$.next({ bar, indicators: row }));
    }
    if (this.wantsSlices) this._slice.add(line, bar);
  }

  /** Every market fact of the instant is out. */
  onSlice(ts: number): void {
    if (this._slice.isEmpty) return;
    this._symbol = '';
    const { strategy } = this._s;
    const missing = this._missing();
    const bars = this._slice.take();
    if (!strategy.decideSlice && !this._slices$.observed) return;
    const slice: Slice = { ts, bars, missing };
    if (strategy.decideSlice) {
      this._inTurn = true;
      const decision = strategy.decideSlice(
        slice,
        symbol => {
          const row = bars.indicators(symbol);
          if (!row)
            throw failed(
              'no-bar',
              `Strategy ${strategy.name} asked for indicators of ${symbol}, which has no bar in this slice.`,
              'Look at slice.bars first.',
            );
          return row;
        },
        this.context,
      );
      this._decided(decision);
      this._inTurn = false;
    }
    if (this._slices$.observed) this._turn(() => this._slices$.next(slice));
  }

  /** Members of the universe without a bar in the instant at hand. */
  private _missing(): Symbol[] {
    const { instruments } = this._s;
    const missing: Symbol[] = [];
    for (let i = 0; i < instruments.length; i++)
      if (this._listed[i] === 1 && !this._slice.has(i)) missing.push((instruments[i] as Instrument).symbol);
    return missing;
  }

  /** Orders and account facts, for strategies of the `run` form. */
  handle(fact: Fact): void {
    if (!this.wantsStreams) return;
    switch (fact.type) {
      case 'RunStarted':
      case 'InputConsumed':
      case 'NoteWritten':
      case 'RunFinished':
      case 'TrainingRequested':
      case 'ModelActivated':
      case 'ModelLate':
      case 'ModelExpired':
      case 'CalibrationFitted':
      case 'WeightsChanged':
      case 'DriftChanged':
      case 'SizeScaled':
      case 'SignalGiven':
      case 'TradePlanned':
      case 'PlanClosed':
      case 'RiskRemembered':
      case 'SessionStarted':
      case 'SessionStopped':
      case 'ConnectionChanged':
      case 'GapFound':
      case 'DataQuarantined':
      case 'Reconciled':
      case 'AlarmRaised':
      case 'AlarmCleared':
      case 'OperatorCommanded':
      case 'SettingChanged':
        return;
      case 'FundingSettled':
      case 'AccountLiquidated':
      case 'PositionLiquidated':
      case 'ExternalFilled':
      case 'PositionAdopted':
      case 'CashMoved':
      case 'RiskStateChanged':
        if (this._account$.observed) this._turn(() => this._account$.next(fact));
        return;
      default:
        if (this._orders$.observed) this._turn(() => this._orders$.next(fact));
    }
  }

  /** Throws what went wrong inside the strategy's streams since the last call: RxJS would report it elsewhere. */
  check(): void {
    if (this._failure !== null) throw this._failure.error;
  }

  finish(): void {
    this._subscription?.unsubscribe();
  }

  private _makeContext(memory: unknown): Context<Params> {
    const { account, last, instruments, forecast, note } = this._s;
    return new StrategyContext({
      host: this,
      params: this._s.params,
      memory,
      account,
      last,
      instruments,
      books: this._books,
      index: symbol => this._index(symbol),
      funding: this._s.funding ?? (index => this._funding[index]),
      forecast,
      random: this._random,
      plot: (name, value) => this._plot(name, value),
      note,
    });
  }

  private _plot(name: string, value: number): void {
    this.plotted++;
    const key = `${name}\u0000${this._symbol}`;
    let series = this._plots.get(key);
    if (!series) this._plots.set(key, (series = { name, symbol: this._symbol, ts: [], value: [] }));
    series.ts.push(this.now);
    series.value.push(value);
  }

  private _index(symbol: Symbol): number {
    const i = this._s.account.indexOf(symbol);
    if (i < 0)
      throw failed('unknown-symbol', `Strategy ${this._s.strategy.name} named ${symbol}, which is not in the run.`, 'Add it to --symbols.');
    return i;
  }

  private _fill(line: BarLine, values: Values): Values {
    const names = this._names;
    const n = names.length;
    // The first ones each at a place of their own, which then meets one name only: a name that varies costs more than the rest of a bar. And numbers as numbers: what may be an object is boxed.
    if (this._areNumbers) {
      if (n > 0) values[names[0] as string] = line.value(0, 0);
      if (n > 1) values[names[1] as string] = line.value(1, 0);
      if (n > 2) values[names[2] as string] = line.value(2, 0);
      if (n > 3) values[names[3] as string] = line.value(3, 0);
      for (let k = 4; k < n; k++) values[names[k] as string] = line.value(k, 0);
      return values;
    }
    if (n > 0) values[names[0] as string] = this._value(line, 0);
    if (n > 1) values[names[1] as string] = this._value(line, 1);
    if (n > 2) values[names[2] as string] = this._value(line, 2);
    if (n > 3) values[names[3] as string] = this._value(line, 3);
    for (let k = 4; k < n; k++) values[names[k] as string] = this._value(line, k);
    return values;
  }

  private _value(line: BarLine, k: number): unknown {
    const outputs = this._outputs[k];
    if (outputs === null || outputs === undefined) return line.value(k, 0);
    const group: Record<string, number> = {};
    for (let j = 0; j < outputs.length; j++) group[outputs[j] as string] = line.value(k, j);
    return group;
  }

  private _turn(action: () => void): void {
    const nested = this._inTurn;
    this._inTurn = true;
    try {
      action();
    } finally {
      this._inTurn = nested;
    }
  }

  private _decided(decision: Decision): void {
    if (decision === undefined) return;
    if ('intent' in decision) this._s.intent(decision);
    else if (Array.isArray(decision)) for (const intent of decision as readonly Intent[]) this._s.intent(intent);
    else
      throw failed(
        'bad-decision',
        `Strategy ${this._s.strategy.name} returned something that is no intent${decision instanceof Promise ? ': a promise' : ''}.`,
        'Return target(…), order(…), cancel(…), an array of them, or nothing; decide must not be async.',
      );
  }

  private _take(intent: Intent): void {
    try {
      if (!this._inTurn)
        throw failed(
          'out-of-turn',
          `Strategy ${this._s.strategy.name} emitted an intent outside its turn (${intent.intent}).`,
          'Emit intents while a bar, slice or fact is being handled: no promises, timers or async functions; use streams.scheduler for time.',
        );
      this._s.intent(intent);
    } catch (error) {
      this._fail(error);
    }
  }

  private _fail(error: unknown): void {
    this._failure ??= { error };
  }
}
