import type { Observable, SchedulerLike } from 'rxjs';
import { usageError } from '../errors.js';
import type { AccountFact } from '../events/account.js';
import type { Bar, BookUpdate, FundingRate, ReferencePrice, Slice, Trade, Quote } from '../events/market.js';
import type { OrderFact } from '../events/order.js';
import type { Feature } from '../features/feature.js';
import type { ForecastView } from '../models/forecast-source.js';
import type { BookView } from '../market/order-book.js';
import type { ForecastRecipe } from '../models/recipe.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';
import type { Decision, Intent } from './intent.js';
import type { ParamSpace, ParamValues } from './params.js';

/** Market data that a strategy asks for. */
export interface Need {
  readonly kind: 'bars' | 'funding' | 'trades' | 'quotes' | 'book';
  readonly symbols: readonly Symbol[];
  readonly timeframe: Timeframe;
  /** Bars to see before the first decision, beyond what the indicators need. */
  readonly warmup: number;
  /** One of several that would do: a run is refused only where the data has none of them. */
  readonly optional?: true;
}

/** Bars of these symbols. A timeframe above the data's own is built from it and appears once complete. */
export const bars = (symbols: readonly Symbol[], timeframe: Timeframe, options?: { warmup?: number }): Need => ({
  kind: 'bars',
  symbols,
  timeframe,
  warmup: options?.warmup ?? 0,
});

/** Order books of these symbols, rebuilt as they change. */
export const books = (symbols: readonly Symbol[], timeframe: Timeframe): Need => ({ kind: 'book', symbols, timeframe, warmup: 0 });

/** Best bids and asks of these symbols. */
export const quotes = (symbols: readonly Symbol[], timeframe: Timeframe): Need => ({ kind: 'quotes', symbols, timeframe, warmup: 0 });

/** Every public trade in these symbols. */
export const trades = (symbols: readonly Symbol[], timeframe: Timeframe): Need => ({ kind: 'trades', symbols, timeframe, warmup: 0 });

/** What a run offers when the strategy states its needs. */
export interface RunScope {
  readonly universe: readonly Symbol[];
  /** The timeframe of the run's data. */
  readonly timeframe: Timeframe;
}

/** One leg of a position in hedge mode. */
export interface LegView {
  /** Signed base units: short legs are negative. */
  readonly quantity: number;
  /** Average entry price, quote currency; NaN when flat. */
  readonly entryPrice: number;
}

/** A position as a strategy sees it. In hedge mode the quantity is the net of both legs, and there is no one entry price. */
export interface PositionView {
  /** Signed base units. */
  readonly quantity: number;
  /** Average entry price, quote currency; NaN when flat. */
  readonly entryPrice: number;
  /** Signed notional at the last close ÷ equity. */
  readonly exposure: number;
  /** Hedge mode only. */
  readonly long?: LegView;
  readonly short?: LegView;
}

/** What a strategy may look at and do besides the bar at hand. All of it is as of now. */
export interface Context<P = unknown, M = unknown> {
  readonly params: P;
  /** What `memory` made; yours to change. */
  readonly memory: M;
  /** Epoch ms of the clock fact. */
  readonly now: number;
  /** Cash + unrealised PnL at last closes, settlement asset. */
  readonly equity: number;
  readonly universe: readonly Symbol[];
  position(symbol: Symbol): PositionView;
  /** Quantity whose notional at the last close is `exposure` × equity: base units, for inverse contracts quote units. Not rounded to lots. */
  quantityFor(symbol: Symbol, exposure: number): number;
  instrument(symbol: Symbol): Instrument;
  /** Last settled funding rate known now, or undefined. */
  funding(symbol: Symbol): FundingRate | undefined;
  /** The order book of a symbol as known now; undefined while it is not whole, and for strategies that do not need it. */
  book(symbol: Symbol): BookView | undefined;
  /** The ensemble's forecast of a symbol at the bar at hand; undefined while no model is in force, and for strategies without `forecasts`. */
  forecast(symbol: Symbol): ForecastView | undefined;
  /** Uniform in [0, 1) from the run's seed. */
  random(): number;
  /** Draw a value under this name in the report, at the current bar. */
  plot(name: string, value: number): void;
  /** Leave a note in the report and the journal. */
  note(text: string): void;
}

/** Context of `run`: the same, with time as an Rx scheduler that only the clock fact moves. */
export interface RunStreams<P, I, M = unknown> {
  readonly params: P;
  readonly context: Context<P, M>;
  /** Every completed bar together with the indicators' values at it. */
  readonly bars$: Observable<{ readonly bar: Bar; readonly indicators: I }>;
  /** One per instant that has a bar, when all of its market facts are out. */
  readonly slices$: Observable<Slice>;
  readonly trades$: Observable<Trade>;
  readonly quotes$: Observable<Quote>;
  /** The order book after each update of it, while it is whole. The same object each time: take what you need from it. */
  readonly book$: Observable<BookUpdate>;
  readonly funding$: Observable<FundingRate>;
  readonly mark$: Observable<ReferencePrice>;
  /** What became of orders, and what happened to the account. */
  readonly orders$: Observable<OrderFact>;
  readonly account$: Observable<AccountFact>;
  readonly scheduler: SchedulerLike;
}

/** What a run offers when the strategy states its forecasts. */
export interface ForecastScope<P = unknown> extends RunScope {
  readonly params: P;
  /** Cost of entering and leaving as a taker under the run's fees and slippage, a fraction of notional: less than this is not worth a trade. */
  readonly roundTripCost: number;
}

/** Declared indicators, by the name under which `decide` sees their values. */
export type IndicatorSet = Readonly<Record<string, Feature>>;
/** The values of an indicator set at one bar: a number, or an object of numbers. NaN until warmed up. */
export type IndicatorValues<I extends IndicatorSet> = { readonly [K in keyof I]: I[K] extends Feature<infer V> ? V : never };

/**
 * A strategy. Members are methods so that a strategy of particular parameters is a `Strategy` too.
 * Exactly one of `decide`, `decideSlice` and `run` is given.
 */
export interface Strategy<S extends ParamSpace = ParamSpace, I extends IndicatorSet = IndicatorSet, M = unknown> {
  readonly name: string;
  /** One or two sentences for lists and reports. */
  readonly description?: string;
  readonly params: S;
  /** Combinations that make sense; searches skip the others. */
  constraint?(params: ParamValues<S>): boolean;
  /** Market data asked for; all bars of the run's universe and timeframe unless said otherwise. */
  needs?(scope: RunScope & { readonly params: ParamValues<S> }): Need | readonly Need[];
  /** Computed per symbol on the bars of `needs`, once for all configurations that share them. */
  indicators?(params: ParamValues<S>): I;
  /** Models that forecast every symbol of the run: features, label, members, calibration, ensemble, and when they are trained. Read by `context.forecast`. */
  forecasts?(scope: ForecastScope<ParamValues<S>>): ForecastRecipe;
  /** What the strategy remembers between bars, made afresh for each run and symbol-independent; never keep state in the module. */
  memory?(params: ParamValues<S>): M;
  /** The common form: one bar in, intents out. */
  decide?(bar: Bar, indicators: IndicatorValues<I>, context: Context<ParamValues<S>, M>): Decision;
  /** The cross-sectional form: all bars of one instant, with each symbol's indicators. */
  decideSlice?(slice: Slice, indicators: (symbol: Symbol) => IndicatorValues<I>, context: Context<ParamValues<S>, M>): Decision;
  /** The general form: streams in, a stream of intents out. */
  run?(streams: RunStreams<ParamValues<S>, IndicatorValues<I>, M>): Observable<Intent>;
}

/**
 * Declare a strategy. Types flow from `params` and `indicators` into `decide`. Throws a usage error when it has no form or more than one.
 */
export const defineStrategy = <const S extends ParamSpace, I extends IndicatorSet = Record<never, never>, M = undefined>(
  strategy: Strategy<S, I, M>,
): Strategy<S, I, M> => {
  const forms = [strategy.decide, strategy.decideSlice, strategy.run].filter(form => form !== undefined).length;
  if (!/^[a-z][a-z0-9-]*$/.test(strategy.name))
    throw usageError(
      'bad-strategy',
      `Strategy name "${strategy.name}" is not in kebab-case.`,
      'Use lower-case letters, digits and dashes.',
    );
  if (forms !== 1)
    throw usageError('bad-strategy', `Strategy ${strategy.name} has ${forms} of decide, decideSlice and run.`, 'Give exactly one of them.');
  return strategy;
};
