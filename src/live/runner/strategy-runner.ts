import type { Fact } from '../../events/fact.js';
import type { Chunk } from '../../events/market.js';
import type { VenueEvent } from '../../execution/venue.js';
import type { StateMark } from '../../engine/account-state.js';
import type { EngineState } from '../../engine/engine-memory.js';
import type { Symbol } from '../../market/instrument.js';
import type { RiskLimits } from '../../risk/limits.js';
import type { Denial } from '../../risk/risk-check.js';
import type { RiskState } from '../../risk/state.js';
import type { BrokerRequest } from './broker-request.js';

/** What a strategy's engine is told. Times are market time. */
export type RunnerInput =
  /** Market data has become known, or time has passed. */
  | { readonly input: 'market'; readonly chunks: readonly Chunk[]; readonly now: number }
  /** Bars that came too late for their instant: for indicators, and not to be decided on. */
  | { readonly input: 'late'; readonly chunks: readonly Chunk[]; readonly now: number }
  | { readonly input: 'answers'; readonly events: readonly VenueEvent[]; readonly now: number }
  /** The account's risk state, decided above the strategies. */
  | { readonly input: 'risk'; readonly state: RiskState; readonly denial: Denial; readonly flatten: boolean; readonly now: number }
  /** Other limits hold for its gate from now on. */
  | { readonly input: 'limits'; readonly limits: RiskLimits; readonly now: number };

/** What came of one input. */
export interface RunnerOutput {
  readonly facts: readonly Fact[];
  readonly requests: readonly BrokerRequest[];
  /** Equity at last prices, settlement asset. */
  readonly equity: number;
  /** Why the strategy cannot go on, or null. Its facts up to there count. */
  readonly failure: string | null;
  /** After a failure: answers that were given to the engine and are in none of its facts. */
  readonly untold: readonly VenueEvent[];
  /** What the engine's own books say after these facts, now and then. */
  readonly state?: StateMark;
}

/** Where a strategy begins: bars before now to warm up on, and what an earlier engine left open. */
export interface RunnerStart {
  readonly history: readonly Chunk[];
  /** Bars up to this moment are history: what the strategy says of them does not count. */
  readonly from: number;
  readonly state: EngineState | null;
  readonly epoch: number;
  /** Limits in force, in place of those that it was configured with. */
  readonly limits?: RiskLimits;
}

/** One strategy's engine, in this thread or in a worker. Inputs are taken in order, and each gives one output, in the same order. */
export interface StrategyRunner {
  readonly name: string;
  /** Short name in order ids. */
  readonly tag: string;
  /** Share of the account that is the strategy's, settlement asset. */
  readonly budget: number;
  /** Symbols that its engine knows, in its order; those of the account when left out. */
  readonly symbols?: readonly Symbol[];
  start(start: RunnerStart, done: (output: RunnerOutput) => void): void;
  deliver(input: RunnerInput, done: (output: RunnerOutput) => void): void;
  stop(): Promise<void>;
}
