import type { JobEngine } from '../cluster/job-engine.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Chunk } from '../events/market.js';
import type { Instrument } from '../market/instrument.js';
import type { StrategyRef } from '../strategies/load.js';
import type { Strategy } from '../strategies/strategy.js';
import type { ForecastTapes } from './forecasting.js';
import type { ObjectiveConfig } from './objective.js';
import type { SamplerConfig } from './samplers/sampler-config.js';
import type { TrialPlace } from './trial-store.js';

/** What every search is told, whatever windows of history it looks at: what to search, on what, under which assumptions. */
export interface SearchSpec {
  readonly runId: string;
  /** As `resolveStrategy` gives it; `hash` identifies the code. */
  readonly strategy: { readonly ref: StrategyRef; readonly hash: string; readonly strategy: Strategy };
  /** Parameters that keep a value and are not searched. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Its `from` and `to` are the whole window; parts of it replace them. Each run begins with its `capital`, but for the later tests of a walk-forward. */
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  /** History from its beginning, so that windows find their warm-up; on SharedArrayBuffers no worker copies it. `version` is the dataset version's hash. */
  readonly data: { readonly version: string; readonly chunks: readonly Chunk[] };
  /** Forecasts made over all of the history before, by the hash of their recipe. */
  readonly tapes?: ForecastTapes;
  readonly sampler: SamplerConfig;
  readonly objective: ObjectiveConfig;
  readonly engine: JobEngine;
  /** The run's folder (`reports/<run-id>`): finished jobs are kept in its `jobs/` and reused by a resumed run. Left out: nothing is kept. */
  readonly folder?: string;
  /** The workspace's `ledger/` folder, or its team's store, and the wall clock noted beside its lines. Left out: trials are counted within this run only. */
  readonly ledger?: { readonly folder: TrialPlace; readonly clock: () => number };
  /** Stops promptly; finished jobs are kept. */
  readonly signal?: AbortSignal;
  /** Name of the job handler, for tests and for engines that bring their own. */
  readonly handler?: string;
}
