import type { Params } from '../../engine/run-result.js';

/** What a search learns of one configuration: its objective, higher is better; null when it was not eligible. */
export interface Observation {
  readonly params: Params;
  readonly objective: number | null;
}

/** Proposes configurations to evaluate. The same seed and the same answers give the same proposals. */
export interface Sampler {
  /** How many to ask for at a time; Infinity for one that does not learn from answers. */
  readonly batch: number;
  /** At most `n` further configurations, none proposed before; empty when there are no more. */
  ask(n: number): readonly Params[];
  /** What became of configurations that were asked for. */
  tell(observations: readonly Observation[]): void;
}

/** The combinations that make sense for a strategy. */
export type Constraint = (params: Params) => boolean;
