import type { Params } from '../../engine/run-result.js';
import { filterTrials } from '../count-trials.js';
import { readTrials, runBegan } from '../read-trials.js';
import type { Fold } from '../splits/fold.js';
import { trialHash } from '../trial.js';
import type { TrialPlace } from '../trial-store.js';

/** A walk as the ledger knows it: its code and data, and what each fold tried. */
export interface TriedWalk {
  readonly runId: string;
  readonly strategy: string;
  readonly code: string;
  /** As `trialScope` makes it. */
  readonly data: string;
  /** Whether each training window chose among several configurations. */
  readonly searched: boolean;
  readonly folds: readonly (Fold & { readonly candidates: readonly { readonly params: Params }[] })[];
}

/**
 * Whether a walk that searched nothing had its days looked at before: other trials of the strategy on any day of its tests, begun before the run was, by the ledger in `folder`, or the team's. Parameters that are
 * fixed because they did well on those days were found on them, and their walk is not out of sample. Checks that show no result count for nothing here. Always false for a walk that searched.
 */
export const seenBefore = async (folder: TrialPlace, { runId, strategy, code, data, searched, folds }: TriedWalk): Promise<boolean> => {
  if (searched) return false;
  const own = new Set(
    folds.flatMap(({ train, test, candidates }) =>
      candidates.flatMap(({ params }) => [train, test].map(range => trialHash({ code, data, params, range }))),
    ),
  );
  const begun = await runBegan(folder, runId);
  const { trials } = filterTrials((await readTrials(folder, strategy)).trials, { strategy });
  return trials.some(
    ({ hash, from, to, at, roles, sharpe }) =>
      !own.has(hash) &&
      !(at >= begun) &&
      !(sharpe === null && [...roles].every(role => role === 'check')) &&
      folds.some(({ test }) => from < test.to && to > test.from),
  );
};
