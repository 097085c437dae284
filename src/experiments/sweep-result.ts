import type { Params } from '../engine/run-result.js';
import type { Estimate } from './estimate.js';
import type { Metrics, ObjectiveConfig } from './objective.js';
import type { ParameterImportance } from './parameter-importance.js';
import type { SearchEvidence } from './search-evidence.js';
import type { Span } from './splits/fold.js';
import type { ParamSpace } from '../strategies/params.js';

/** What one configuration did over the whole window, in sample. */
export interface SweptConfiguration {
  readonly params: Params;
  readonly metrics: Metrics;
  /** The first objective, higher is better; null when the configuration was not eligible. */
  readonly score: number | null;
  /** Sharpe ratio per return observation; null when the returns do not vary. */
  readonly sharpe: number | null;
  readonly fingerprint: string;
}

/** A configuration that the sweep names, with what its returns say. */
export interface SweepPick {
  /** Among the configurations. */
  readonly index: number;
  /** Probability that its Sharpe ratio is above 0, and the same after all trials of the ledger; both for a configuration picked by its past, so too kind. */
  readonly psr: Estimate;
  readonly dsr: Estimate;
}

/** The middle of the broadest good region. */
export interface PlateauPick extends SweepPick {
  /** What three quarters of its neighbours reach at least, on the scale of the score. */
  readonly level: number;
  /** Configurations counted as its neighbours, itself included. */
  readonly neighbours: number;
  /** Score of the peak's own neighbourhood: well under the plateau's, the peak stands alone. */
  readonly peakLevel: number | null;
}

/** What a search over one history found. All of it is in sample: the same days chose and judge. */
export interface SweepResult {
  readonly runId: string;
  readonly strategy: string;
  /** SHA-256 over every configuration's parameters and fingerprint, in the order of proposal, and the picks. */
  readonly fingerprint: string;
  readonly window: Span;
  /** Its `metric` ranks; with those of `also` it makes a front. */
  readonly objective: ObjectiveConfig;
  /** Parameters that were searched, with their ranges. */
  readonly space: ParamSpace;
  /** Those evaluated on the whole window, in the order of proposal. */
  readonly configurations: readonly SweptConfiguration[];
  /** Indices of the eligible ones, the best first; of equals the one whose canonical JSON sorts first. */
  readonly ranking: readonly number[];
  /** The best score; null when none was eligible. */
  readonly peak: SweepPick | null;
  readonly plateau: PlateauPick | null;
  /** Indices of the trade-offs between several objectives, best in the first objective first; empty with one objective. */
  readonly front: readonly number[];
  readonly importance: ParameterImportance | null;
  readonly evidence: SearchEvidence;
  /** Annual Sharpe ratio that the best of as many worthless trials would show. */
  readonly lucky: Estimate;
  readonly periodsPerYear: number;
  readonly trials: {
    /** Different ones of this sweep, those on a part of the window included. */
    readonly run: number;
    /** N: of this strategy over the whole ledger; of this sweep, without one. */
    readonly total: number;
    /** Independent ones among them; null without a ledger. */
    readonly effective: number | null;
    /** Those of the ledger that were interrupted and have no result. They count. */
    readonly unsettled: number;
  };
  /** How many configurations were looked at on which share of the window, the smallest first. */
  readonly rungs: readonly { readonly share: number; readonly configurations: number }[];
  /** What was computed on a part of the configurations to bound time and memory, in sentences; empty where nothing was. */
  readonly bounds: readonly string[];
}
