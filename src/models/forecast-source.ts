import type { Bar } from '../events/market.js';
import type { FuturesView } from '../features/panel-feature.js';
import type { ForecastEvent } from './forecast-event.js';
import type { ForecastRecord } from './forecast-record.js';

/** The ensemble's forecast of one symbol at one bar, as a strategy sees it. */
export interface ForecastView {
  /** Close of the bar that it was made at, epoch ms. */
  readonly ts: number;
  /** Bars ahead. */
  readonly horizon: number;
  /** Calibrated probabilities; they add up to 1. */
  readonly down: number;
  readonly flat: number;
  readonly up: number;
  /** Expected return over the horizon and its standard deviation, fractions. */
  readonly mean: number;
  readonly sd: number;
  /** Conformal interval of the return; NaN until enough outcomes are known. */
  readonly low: number;
  readonly high: number;
  /** 0 like the training data … 1 nothing like it. */
  readonly novelty: number;
  /** Tercile of volatility among the symbol's recent past: 0 calm, 1 middling, 2 wild; NaN while unknown. */
  readonly regime: number;
  /** Climatology's probability of a rise and of a fall: what one would say without looking. */
  readonly usualUp: number;
  readonly usualDown: number;
}

/** Where the engine gets forecasts from: models at work, or the tape of models that worked on this history before. */
export interface ForecastSource {
  /** Bars ahead that are forecast. */
  readonly horizon: number;
  /** Play one instant: all bars that close at `now`, null where a symbol has none. Returns what happened to the models, in order. */
  step(now: number, bars: readonly (Bar | null)[], futures: readonly FuturesView[]): readonly ForecastEvent[];
  /** The forecast of this instant for a symbol by index, undefined without one. */
  forecast(symbol: number): ForecastView | undefined;
  /** Everything forecast after `from`, with what came of it until now. */
  record(from: number): ForecastRecord;
}
