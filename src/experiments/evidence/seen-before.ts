import type { Params } from '../../engine/run-result.js';
import { filterTrials } from '../count-trials.js';
import { readTrials } from '../read-trials.js';
import type { Fold } from '../splits/fold.js';
import { trialHash } from '../trial.js';

/** A walk as the ledger knows it: its code and data, and what each fold tried. */
export interface TriedWalk {
  readonly strategy: string;
  readonly code: string;
  /** As `trialScope` makes it. */
  readonly data: string;
  readonly folds: readonly (Fold & { readonly candidates: readonly { readonly params: Params }[] })[];
}

/**
 * Whether a walk that searched nothing had its days looked at before: other trials of the strategy on any day of its tests, begun before its own, by the ledger in `folder`. Parameters that are
 * fixed because they did well on those days were found on them, and their walk is not out of sample. Always false for a walk that chose among several configurations in each training window.
 */
export const seenBefore = async (folder: string, { strategy, code, data, folds }: TriedWalk): Promise<boolean> => {
  if (folds.some(({ candidates }) => candidates.length > 1)) return false;
  const own = new Set(
    folds.flatMap(({ train, test, candidates }) =>
      candidates.flatMap(({ params }) => [train, test].map(range => trialHash({ code, data, params, range }))),
    ),
  );
  const { trials } = filterTrials((await readTrials(folder)).trials, { strategy });
  const begun = trials.reduce((first, { hash, at }) => (own.has(hash) && at < first ? at : first), Infinity);
  return trials.some(
    ({ hash, from, to, at }) => !own.has(hash) && !(at >= begun) && folds.some(({ test }) => from < test.to && to > test.from),
  );
};
