import type { ChoiceRule } from './choose-configuration.js';
import type { Progress } from './evaluations.js';
import type { SearchSpec } from './search-spec.js';
import type { Fold } from './splits/fold.js';

/** A walk-forward experiment: a search on the training window of each fold. `capital` is that of the first test and of every training run. */
export interface WalkForwardSpec extends SearchSpec {
  /** From `rolling` or `anchored`. */
  readonly folds: readonly Fold[];
  /** How a fold chooses among what it tried; the peak when left out. */
  readonly choose?: ChoiceRule;
  /** Judge a configuration by the median of its metrics over this many parts of the training window, each from a fresh account; left out, by the window as a whole. */
  readonly inner?: number;
  /** Also evaluate every candidate on each test window, to see whether ranks in sample carry over. Spends trials; off by default. */
  readonly outOfSampleOfAll?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Called before the progress that counts it when more of a fold's trainings are over, with the number of folds that have none left; not of searches that learn, whose folds go on together. */
  readonly onTrained?: (folds: number) => void;
}
