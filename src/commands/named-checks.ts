import { didYouMean, usageError } from '../errors.js';
import type { Check } from '../experiments/checks/check.js';
import { FRAGILITY_CHECKS } from '../experiments/checks/fragility-checks.js';
import { LEAK_CHECKS, type LeakCheckId } from '../experiments/checks/leak-checks.js';

/** The checks that a command is to make. */
export interface NamedChecks {
  readonly leaks: readonly LeakCheckId[];
  /** Of fragility and chance. */
  readonly others: readonly Check[];
}

/** The checks asked for: those named, or the leak checks, with `full` all. Throws a usage error for an id that there is not. */
export const namedChecks = ({ only: names, full }: { readonly only?: string | undefined; readonly full: boolean }): NamedChecks => {
  if (names === undefined) return { leaks: LEAK_CHECKS, others: full ? FRAGILITY_CHECKS : [] };
  if (full) throw usageError('which-checks', 'Both --only and --full are given.', 'Leave one of them out.');
  const only = names.split(',').map(name => name.trim());
  const ids = [...LEAK_CHECKS, ...FRAGILITY_CHECKS.map(({ id }) => id)];
  for (const id of only)
    if (!ids.includes(id))
      throw usageError('unknown-check', `There is no check "${id}".${didYouMean(id, ids)}`, `Checks: ${ids.join(', ')}.`);
  return {
    leaks: LEAK_CHECKS.filter(id => only.includes(id)),
    others: FRAGILITY_CHECKS.filter(({ id }) => only.includes(id)),
  };
};
