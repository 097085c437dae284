import type { Params } from '../../engine/run-result.js';

/** What a search learns of one configuration: its objective, higher is better; null when it was not eligible. */
export interface Observation {
  readonly params: Params;
  readonly objective: number | null;
  /** Where several things are wanted at once, all of them in a fixed order, each higher is better; null when it was not eligible. */
  readonly objectives?: readonly number[] | null;
}

/** Proposes configurations to evaluate. The same seed and the same answers give the same proposals. */
export interface Sampler {
  /** How many to ask for at a time; Infinity for one that does not learn from answers. Never a function of the number of workers: the proposals would be too. */
  readonly batch: number;
  /**
   * Share of the evidence, in (0, 1], on which what was asked for last is to be evaluated; 1 when left out. Halving looks at many configurations on a part of the training windows first,
   * and asks for the survivors again on more of them.
   */
  readonly share?: number;
  /** At most `n` further configurations, none proposed before at this share; empty when there are no more. */
  ask(n: number): readonly Params[];
  /** What became of configurations that were asked for. */
  tell(observations: readonly Observation[]): void;
}

/** The combinations that make sense for a strategy. */
export type Constraint = (params: Params) => boolean;
