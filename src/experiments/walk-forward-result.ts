import type { Assumption, Params } from '../engine/run-result.js';
import type { Summary } from '../metrics/summary.js';
import type { Decay } from './decay.js';
import type { Estimate } from './estimate.js';
import type { Metrics, ObjectiveConfig } from './objective.js';
import type { ParameterDrift } from './parameter-drift.js';
import type { SearchEvidence } from './search-evidence.js';
import type { Segment } from './segment.js';
import type { Fold } from './splits/fold.js';

/** One configuration that a fold considered: evaluated on the whole of its training window. */
export interface FoldCandidate {
  readonly params: Params;
  /** On the training window; with an inner split the median over its parts. */
  readonly metrics: Metrics;
  /** What was made large (of several metrics the first), or null when the configuration was not eligible. */
  readonly score: number | null;
  /** On the test window; null unless asked for. */
  readonly outOfSample: Metrics | null;
}

/** One fold: what was tried, what was chosen, what came of it. */
export interface FoldResult extends Fold {
  /** The choice; null when the fold traded flat. */
  readonly params: Params | null;
  /** Why the fold traded flat. */
  readonly flatReason: string | null;
  /** Metrics of the choice on train and test; null when the fold traded flat. */
  readonly inSample: Metrics | null;
  readonly outOfSample: Metrics | null;
  /** Fingerprint of the test run. */
  readonly fingerprint: string | null;
  readonly startEquity: number;
  readonly endEquity: number;
  /** The objective's metric, in its own sign. */
  readonly decay: Decay;
  /** Probability that the search of this fold was overfitted. */
  readonly pbo: Estimate;
  /** Spearman's correlation of scores in and out of sample over the eligible candidates. */
  readonly rankCorrelation: Estimate;
  readonly candidates: readonly FoldCandidate[];
}

/** What came of a walk-forward. */
export interface WalkForwardResult {
  readonly runId: string;
  readonly strategy: string;
  /** SHA-256 over folds, choices and the fingerprints of the test runs. */
  readonly fingerprint: string;
  readonly objective: ObjectiveConfig;
  readonly folds: readonly FoldResult[];
  /** The test windows as one run. */
  readonly stitched: Segment;
  /** Metrics of `stitched`. */
  readonly metrics: Summary;
  /** Of the means over folds. */
  readonly decay: Decay;
  readonly drift: readonly ParameterDrift[];
  /** `psr` and `dsr` of the stitched returns, `pbo` the median over folds. */
  readonly overfitting: { readonly psr: Estimate; readonly dsr: Estimate; readonly pbo: Estimate };
  /** What all training windows together say about the best configuration of the search. */
  readonly search: SearchEvidence;
  /**
   * Different trials of this run (tests and those on parts of a window included), and N: those of this strategy over the whole ledger (or of this run, without one). Of N,
   * `unsettled` have no result (interrupted), and `effective` are independent.
   */
  readonly trials: {
    readonly run: number;
    readonly total: number;
    readonly unsettled: number;
    readonly effective: Estimate;
    /** Per return observation, of this run's training trials that have one; those on a part of a window times the root of its share. */
    readonly sharpes: readonly number[];
  };
  readonly assumptions: readonly Assumption[];
}
