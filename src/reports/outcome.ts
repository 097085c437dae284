import type { RunResult } from '../engine/run-result.js';

/** What a report needs of a run, or of the stitched test windows of a walk-forward experiment. */
export type Outcome = Pick<
  RunResult,
  | 'initialCapital'
  | 'finalEquity'
  | 'bars'
  | 'curve'
  | 'fills'
  | 'roundTrips'
  | 'funding'
  | 'refusals'
  | 'halted'
  | 'assumptions'
  | 'plots'
  | 'notes'
>;

/** What a result is compared with: the same capital, held in it throughout. */
export interface Benchmark {
  /** Shown in legends, e.g. `BTC buy and hold, price only`. */
  readonly name: string;
  readonly ts: Float64Array;
  readonly price: Float64Array;
}

/** Closing prices of one symbol. `ts` is the time of the close. */
export interface Closes {
  readonly ts: Float64Array;
  readonly close: Float64Array;
}
