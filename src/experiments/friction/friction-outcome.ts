import type { RunConfig } from '../../engine/run-config.js';
import type { Assumption, Params } from '../../engine/run-result.js';
import type { Instrument } from '../../market/instrument.js';
import type { MetricName } from '../../metrics/summary.js';
import type { Fill } from '../../portfolio/fill.js';
import type { StrategyRef } from '../../strategies/load.js';
import type { ForecastTapes } from '../forecasting.js';
import type { FrictionPoint } from './friction-point.js';
import type { FrictionData } from './scaled-funding.js';

/** What all points of a sweep read. */
export interface FrictionShared extends FrictionData {
  readonly strategy: StrategyRef;
  readonly bundle: string;
  readonly params: Params;
  readonly instruments: readonly Instrument[];
  readonly config: RunConfig;
  /** Forecasts made once over the data as it was, for a strategy with models: friction changes what is done with a forecast, not the forecast. */
  readonly tapes?: ForecastTapes;
}

/** One point of a sweep. */
export interface FrictionJob {
  readonly point: FrictionPoint;
  /** Bring back the fills and assumptions too. */
  readonly whole: boolean;
}

/** What the strategy did at one point. Money in the settlement asset. */
export interface FrictionOutcome {
  readonly point: FrictionPoint;
  readonly fingerprint: string;
  /** Net returns per UTC day, per bar from daily bars up. */
  readonly returns: Float64Array;
  readonly periodsPerYear: number;
  /** Mean of these returns; NaN without any. */
  readonly meanReturn: number;
  /** Annualised; NaN where the returns do not vary. */
  readonly sharpe: number;
  readonly totalReturn: number;
  readonly maxDrawdown: number;
  readonly trades: number;
  readonly initialCapital: number;
  readonly finalEquity: number;
  /** Σ quantity × price over all fills. */
  readonly tradedNotional: number;
  readonly fees: number;
  readonly slippage: number;
  /** Received (+) or paid (−). */
  readonly funding: number;
  readonly refusals: Readonly<Record<string, number>>;
  /** Code of what stopped trading early, or null. */
  readonly halted: string | null;
  /** Null when not asked for. */
  readonly whole: {
    readonly fills: readonly Fill[];
    readonly assumptions: readonly Assumption[];
    readonly metrics: Readonly<Record<MetricName, number | null>>;
  } | null;
}

/** Module whose `handle` does a FrictionJob, in this thread or a worker. */
export const FRICTION_HANDLER = 'experiments/friction/evaluate-friction';
