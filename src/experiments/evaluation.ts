import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import type { Chunk } from '../events/market.js';
import type { Instrument } from '../market/instrument.js';
import type { StrategyRef } from '../strategies/load.js';
import type { Metrics } from './objective.js';
import type { ForecastTapes } from './forecasting.js';
import type { Segment } from './segment.js';
import type { Span } from './splits/fold.js';

/** What all evaluations of an experiment read. Chunks on SharedArrayBuffers are not copied to workers. */
export interface EvaluationShared {
  readonly strategy: StrategyRef;
  readonly bundle: string;
  readonly instruments: readonly Instrument[];
  /** `from`, `to` and `capital` are replaced by the job's, and `atEnd` by `close`. */
  readonly config: RunConfig;
  readonly chunks: readonly Chunk[];
  /** Forecasts made over all of the chunks before, for configurations that share their recipe; others make their own. */
  readonly tapes?: ForecastTapes;
}

/** Some configurations of a strategy on one window, each from a fresh account. */
export interface EvaluationJob {
  readonly window: Span;
  /** Parts of the window that are run one by one, ascending, each from a fresh account. Left out: the window as a whole. */
  readonly spans?: readonly Span[];
  readonly capital: number;
  readonly configurations: readonly Params[];
  /** What to bring back besides metrics: nothing, the returns per day, or everything that was traded. */
  readonly keep: 'metrics' | 'returns' | 'segment';
}

/** What one configuration did on one window. */
export interface Evaluation {
  readonly fingerprint: string;
  /** Over several spans the median of each (see `medianMetrics`). */
  readonly metrics: Metrics;
  /** Sharpe ratio per return observation; null when the returns do not vary. */
  readonly sharpePerPeriod: number | null;
  /** Returns per UTC day (per bar from daily bars up), those of several spans joined, or null when not asked for. */
  readonly returns: Float64Array | null;
  /** Moments at which they end; null when not asked for. */
  readonly returnTs: Float64Array | null;
  /** Null when not asked for, and over several spans, whose accounts do not follow one another. */
  readonly segment: Segment | null;
}

/** Module whose `handle` does an EvaluationJob, in this thread or a worker. */
export const EVALUATE = 'experiments/evaluate';
