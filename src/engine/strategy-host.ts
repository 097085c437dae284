import { Subject, type Subscription } from 'rxjs';
import { failed } from '../errors.js';
import type { AccountFact } from '../events/account.js';
import type { Fact } from '../events/fact.js';
import type { Bar, FundingRate, Quote, ReferencePrice, Slice, Trade } from '../events/market.js';
import type { OrderFact } from '../events/order.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { timeframeMs, type Timeframe } from '../market/timeframe.js';
import type { Account } from '../portfolio/account.js';
import { random } from '../random.js';
import type { Decision, Intent } from '../strategies/intent.js';
import type { Context, IndicatorSet, Need, PositionView, RunStreams, Strategy } from '../strategies/strategy.js';
import { BarLine, type IndicatorColumns } from './bar-line.js';
import { ClockScheduler } from './clock-scheduler.js';
import type { Params, PlotSeries } from './run-result.js';

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
  readonly mark$ = new Subject<ReferencePrice>();
  readonly scheduler = new ClockScheduler();
  now = -Infinity;

  readonly #s: HostSetup;
  readonly #strategy: Strategy;
  readonly #observe: HostSetup['observe'];
  readonly #indicators: IndicatorSet;
  readonly #names: readonly string[];
  /** For each indicator the names of its outputs, or null for a single number. */
  readonly #outputs: readonly (readonly string[] | null)[];
  readonly #values: Values = {};
  readonly #bars$ = new Subject<{ bar: Bar; indicators: Values }>();
  readonly #slices$ = new Subject<Slice>();
  readonly #orders$ = new Subject<OrderFact>();
  readonly #account$ = new Subject<AccountFact>();
  #subscription: Subscription | null = null;
  readonly #funding: (FundingRate | undefined)[];
  readonly #listed: Uint8Array;
  #universe: readonly Symbol[];
  #slice: { line: BarLine; bar: Bar; row: Values }[] = [];
  readonly #plots = new Map<string, { symbol: string; name: string; ts: number[]; value: number[] }>();
  readonly #random: () => number;
  #symbol: Symbol = '';
  #inTurn = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(setup: HostSetup) {
    this.#s = setup;
    this.#strategy = setup.strategy;
    this.#observe = setup.observe;
    const { strategy, params, instruments, timeframe } = setup;
    this.#universe = instruments.map(i => i.symbol);
    this.#listed = new Uint8Array(instruments.length).fill(1);
    this.#funding = instruments.map(() => undefined);
    this.#random = random(`${setup.seed}/strategy`).next;
    const declared = strategy.needs?.({ universe: this.#universe, timeframe, params });
    this.needs =
      declared === undefined
        ? [{ kind: 'bars', symbols: this.#universe, timeframe, warmup: 0 }]
        : 'kind' in declared
          ? [declared]
          : declared;
    this.#indicators = strategy.indicators?.(params) ?? {};
    this.#names = Object.keys(this.#indicators);
    const features = Object.values(this.#indicators);
    this.#outputs = features.map(f => (f.outputs.length === 1 && f.outputs[0] === 'value' ? null : f.outputs));
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
    this.context = this.#makeContext(strategy.memory?.(params));
    this.wantsStreams = strategy.run !== undefined;
    this.wantsSlices = strategy.decideSlice !== undefined || strategy.run !== undefined;
    this.scheduler.set(setup.from);
    if (strategy.run) {
      const streams: RunStreams<Params, Values> = {
        params,
        context: this.context,
        bars$: this.#bars$,
        slices$: this.#slices$,
        trades$: this.trades$,
        quotes$: this.quotes$,
        funding$: this.funding$,
        mark$: this.mark$,
        orders$: this.#orders$,
        account$: this.#account$,
        scheduler: this.scheduler,
      };
      this.#turn(() => {
        this.#subscription =
          strategy.run?.(streams).subscribe({ next: intent => this.#take(intent), error: error => this.#fail(error) }) ?? null;
      });
    }
  }

  /** What the strategy drew. */
  get plots(): PlotSeries[] {
    return [...this.#plots.values()].map(p => ({
      name: p.name,
      symbol: p.symbol,
      ts: Float64Array.from(p.ts),
      value: Float64Array.from(p.value),
    }));
  }

  listed(index: number): boolean {
    return this.#listed[index] === 1;
  }

  /** A symbol joins or leaves the universe. */
  membership(index: number, listed: boolean): void {
    this.#listed[index] = listed ? 1 : 0;
    this.#universe = this.#s.instruments.filter((_, i) => this.#listed[i] === 1).map(i => i.symbol);
  }

  settled(index: number, rate: FundingRate): void {
    this.#funding[index] = rate;
    if (this.funding$.observed) this.#turn(() => this.funding$.next(rate));
  }

  /** Give the strategy something in its turn. */
  give(action: () => void): void {
    this.#turn(action);
  }

  /** One completed bar. */
  onBar(line: BarLine, bar: Bar): void {
    this.#symbol = bar.symbol;
    if (this.#observe !== null) this.#observe(bar, this.#fill(line, {}));
    const strategy = this.#strategy;
    if (strategy.decide) {
      this.#decided(strategy.decide(bar, this.#fill(line, this.#values), this.context));
    } else {
      const row = this.#fill(line, {});
      if (this.#bars$.observed) this.#turn(() => this.#bars$.next({ bar, indicators: row }));
      if (this.wantsSlices) this.#slice.push({ line, bar, row });
    }
  }

  /** Every market fact of the instant is out. */
  onSlice(ts: number): void {
    if (this.#slice.length === 0) return;
    const entries = this.#slice;
    this.#slice = [];
    const bars = new Map(entries.map(e => [e.bar.symbol, e.bar]));
    const slice: Slice = { ts, bars, missing: this.#universe.filter(symbol => !bars.has(symbol)) };
    const { strategy } = this.#s;
    this.#symbol = '';
    if (strategy.decideSlice) {
      const rows = new Map(entries.map(e => [e.bar.symbol, e.row]));
      this.#inTurn = true;
      const decision = strategy.decideSlice(
        slice,
        symbol => {
          const row = rows.get(symbol);
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
      this.#decided(decision);
      this.#inTurn = false;
    }
    if (this.#slices$.observed) this.#turn(() => this.#slices$.next(slice));
  }

  /** Orders and account facts, for strategies of the `run` form. */
  handle(fact: Fact): void {
    if (!this.wantsStreams) return;
    switch (fact.type) {
      case 'RunStarted':
      case 'InputConsumed':
      case 'NoteWritten':
      case 'RunFinished':
        return;
      case 'FundingSettled':
      case 'AccountLiquidated':
      case 'RiskStateChanged':
        if (this.#account$.observed) this.#turn(() => this.#account$.next(fact));
        return;
      default:
        if (this.#orders$.observed) this.#turn(() => this.#orders$.next(fact));
    }
  }

  /** Throws what went wrong inside the strategy's streams since the last call: RxJS would report it elsewhere. */
  check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  finish(): void {
    this.#subscription?.unsubscribe();
  }

  #makeContext(memory: unknown): Context<Params> {
    const { account, last, instruments, note } = this.#s;
    const now = (): number => this.now;
    const universe = (): readonly Symbol[] => this.#universe;
    return {
      params: this.#s.params,
      memory,
      get now() {
        return now();
      },
      get equity() {
        return account.equity(last);
      },
      get universe() {
        return universe();
      },
      position: (symbol): PositionView => {
        const i = this.#index(symbol);
        const held = account.lots[i] ?? 0;
        return {
          quantity: account.unitsAt(i).quantity(held),
          entryPrice: account.entryPrice(i),
          exposure: held === 0 ? 0 : account.notionalAt(i, last[i] ?? NaN) / account.equity(last),
        };
      },
      instrument: symbol => instruments[this.#index(symbol)] as Instrument,
      funding: symbol => this.#funding[this.#index(symbol)],
      random: this.#random,
      plot: (name, value) => this.#plot(name, value),
      note,
    };
  }

  #plot(name: string, value: number): void {
    const key = `${name}\u0000${this.#symbol}`;
    let series = this.#plots.get(key);
    if (!series) this.#plots.set(key, (series = { name, symbol: this.#symbol, ts: [], value: [] }));
    series.ts.push(this.now);
    series.value.push(value);
  }

  #index(symbol: Symbol): number {
    const i = this.#s.account.indexOf(symbol);
    if (i < 0)
      throw failed('unknown-symbol', `Strategy ${this.#s.strategy.name} named ${symbol}, which is not in the run.`, 'Add it to --symbols.');
    return i;
  }

  #fill(line: BarLine, values: Values): Values {
    const names = this.#names;
    for (let k = 0; k < names.length; k++) {
      const outputs = this.#outputs[k];
      if (outputs === null || outputs === undefined) values[names[k] as string] = line.value(k, 0);
      else {
        const group: Record<string, number> = {};
        for (let j = 0; j < outputs.length; j++) group[outputs[j] as string] = line.value(k, j);
        values[names[k] as string] = group;
      }
    }
    return values;
  }

  #turn(action: () => void): void {
    const nested = this.#inTurn;
    this.#inTurn = true;
    try {
      action();
    } finally {
      this.#inTurn = nested;
    }
  }

  #decided(decision: Decision): void {
    if (decision === undefined) return;
    if ('intent' in decision) this.#s.intent(decision);
    else if (Array.isArray(decision)) for (const intent of decision as readonly Intent[]) this.#s.intent(intent);
    else
      throw failed(
        'bad-decision',
        `Strategy ${this.#s.strategy.name} returned something that is no intent${decision instanceof Promise ? ': a promise' : ''}.`,
        'Return target(…), order(…), cancel(…), an array of them, or nothing; decide must not be async.',
      );
  }

  #take(intent: Intent): void {
    try {
      if (!this.#inTurn)
        throw failed(
          'out-of-turn',
          `Strategy ${this.#s.strategy.name} emitted an intent outside its turn (${intent.intent}).`,
          'Emit intents while a bar, slice or fact is being handled: no promises, timers or async functions; use streams.scheduler for time.',
        );
      this.#s.intent(intent);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
  }
}
