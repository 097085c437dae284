import type { Feed } from '../events/feed.js';
import type { Instrument } from '../market/instrument.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params, RunResult } from '../engine/run-result.js';
import type { Strategy } from '../strategies/strategy.js';

/** One backtest: what to run, on what, under which assumptions. */
export interface BacktestSpec {
  readonly strategy: Strategy;
  /** Resolved values (see `resolveParams`). */
  readonly params: Params;
  /** SHA-256 of the strategy's bundle, or `builtin:<name>`. */
  readonly bundle: string;
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  readonly feed: Feed;
  /** Keep every fact in the result; off in searches. The fingerprint is the same either way. Default true. */
  readonly keepFacts?: boolean;
  /** Called a few times a second of work with the clock's time and the bars done. */
  readonly onProgress?: (now: number, bars: number) => void;
  readonly signal?: AbortSignal;
}

/** Run a strategy over a feed against the simulated exchange. Same spec, same fingerprint. */
export const backtest = async (_spec: BacktestSpec): Promise<RunResult> => {
  throw new Error('being built');
};
