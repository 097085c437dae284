import { filterTrials, type TrialFilter } from './count-trials.js';
import { readTrials } from './read-trials.js';
import type { TrialPlace } from './trial-store.js';

/** How N grew: `n[i]` different trials had begun by `at[i]` (epoch milliseconds, ascending, each moment once). */
export interface TrialHistory {
  readonly at: Float64Array;
  readonly n: Float64Array;
}

/** N over time, by the wall clock of each trial's first line. Trials whose time is not known are there from the start. */
export const trialHistory = async (folder: TrialPlace, filter: TrialFilter = {}): Promise<TrialHistory> => {
  const { trials } = filterTrials((await readTrials(folder, filter.strategy)).trials, filter);
  const known = Float64Array.from(trials.flatMap(({ at }) => (Number.isNaN(at) ? [] : [at]))).sort();
  const earlier = trials.length - known.length;
  const at: number[] = [];
  const n: number[] = [];
  known.forEach((moment, i) => {
    if (moment === known[i + 1]) return;
    at.push(moment);
    n.push(earlier + i + 1);
  });
  return { at: Float64Array.from(at), n: Float64Array.from(n) };
};
