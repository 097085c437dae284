import type { TrialOutcome } from './trial.js';
import { openTrialLedger, type Trial } from './trial-ledger.js';
import type { TrialPlace } from './trial-store.js';

/** Where trials go on record: the workspace's `ledger/` or its team's store, the run's own file there, and the wall clock noted beside each line. */
export interface LedgerPlace {
  readonly folder: TrialPlace;
  readonly runId: string;
  readonly clock: () => number;
}

/**
 * Put trials on record, then evaluate them: `evaluate` begins when their lines are on disk, so that neither a crash nor an interrupt hides one. It is given
 * `settle` for what came of each; one that is never settled counts all the same. Resolves and rejects as `evaluate` does.
 */
export const recordTrials = async <T>(
  { folder, runId, clock }: LedgerPlace,
  trials: readonly Trial[],
  evaluate: (settle: (trial: Trial, outcome: TrialOutcome) => Promise<void>) => Promise<T>,
): Promise<T> => {
  const ledger = await openTrialLedger(folder, runId, clock);
  try {
    await ledger.begin(trials);
    return await evaluate((trial, outcome) => ledger.settle(trial, outcome));
  } finally {
    await ledger.close();
  }
};

/** The same for one trial. `outcomeOf` says what the ledger keeps of its result. */
export const recordTrial = <T>(
  place: LedgerPlace,
  trial: Trial,
  evaluate: () => Promise<T>,
  outcomeOf: (result: T) => TrialOutcome,
): Promise<T> =>
  recordTrials(place, [trial], async settle => {
    const result = await evaluate();
    await settle(trial, outcomeOf(result));
    return result;
  });
