import type { Params } from '../engine/run-result.js';
import type { ParamSpace } from '../strategies/params.js';
import type { ChoiceRule } from './choose-configuration.js';
import type { Estimate } from './estimate.js';
import type { ObjectiveConfig } from './objective.js';
import type { JudgedSearch } from './search-evidence.js';
import type { TrainedHistory } from './searched-history.js';

/** Among what one fold is to choose. Its children are evaluations of training jobs. */
export interface FoldTask {
  /** Of each child, in order. */
  readonly configurations: readonly (readonly Params[])[];
  readonly objective: ObjectiveConfig;
  readonly rule: ChoiceRule;
  /** The parameters that were searched. */
  readonly space: ParamSpace;
  /** Nothing was searched: the only candidate is chosen whatever it did. */
  readonly given: boolean;
}

/** What one fold makes of its training. */
export interface FoldChoice {
  /** Place of the choice among all candidates; null when none is eligible. */
  readonly chosen: number | null;
  /** Probability that the search was overfitted. */
  readonly pbo: Estimate;
}

/** With the returns of all candidates, for what judges the folds together. */
export interface TrainedFold extends FoldChoice {
  readonly trained: TrainedHistory | null;
}

/** What all trainings of a walk say together. Its children are its folds. */
export interface WalkTask {
  readonly seed: number | string;
}

/** The folds without their returns, in order, and the evidence of all searches as one. */
export interface JudgedWalk {
  readonly folds: readonly FoldChoice[];
  readonly search: JudgedSearch;
}

/** Module whose `handle` does a FoldTask. */
export const CHOOSE_FOLD = 'experiments/choose-fold';

/** Module whose `handle` does a WalkTask. */
export const JUDGE_WALK = 'experiments/judge-walk';
