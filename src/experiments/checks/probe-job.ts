import type { Probe, ProbeOutcome, Step } from './check.js';

/** A probe as a worker gets it. */
export interface ProbeJob {
  readonly change: Pick<Probe, 'config' | 'change'>;
  readonly steps: readonly Step[];
  /** Bring back the trades and the curve too. */
  readonly whole: boolean;
}

/** What one step did by itself, for the trial ledger; null where nothing was traded. */
interface StepReturns {
  /** Per return observation; null when returns do not vary. */
  readonly sharpe: number | null;
  readonly returns: Float64Array;
}

/**
 * What became of a probe. `refused`: it cannot be made on these data, with the reason. `broken`: something threw in it, and nothing throws in the subject as it is.
 */
export type ProbeReport =
  | { readonly kind: 'done'; readonly outcome: ProbeOutcome; readonly steps: readonly (StepReturns | null)[] }
  | { readonly kind: 'refused' | 'broken'; readonly reason: string };

/** Module whose `handle` does a ProbeJob, in this thread or a worker. */
export const EVALUATE_PROBE = 'experiments/checks/evaluate-probe';
