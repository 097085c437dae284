import { independentTrials } from './independent-trials.js';
import { readTrials, type TrialOnRecord } from './read-trials.js';
import type { Trial } from './trial-ledger.js';
import type { TrialPlace } from './trial-store.js';

/** What a ledger says was tried. */
export interface TrialCount {
  /** N: different (code, data, params, window) over all runs. */
  readonly distinct: number;
  /** How many independent ones these amount to, 1 to `distinct` (0 of none): see `independentTrials`. */
  readonly effective: number;
  /** Trial lines, repeats included. */
  readonly lines: number;
  /** Distinct trials without a result: interrupted, or running now. They count. */
  readonly unsettled: number;
  /** Lines of the whole ledger that cannot be read: torn by a crash, or damaged. */
  readonly unreadable: number;
  /** Names that the strategy was counted under, its own first; empty when all strategies are counted. */
  readonly names: readonly string[];
  /** N of all strategies together on the data that these trials read. What was discarded was tried too: a strategy chosen among others is the best of these. */
  readonly onSameData: number;
}

/** What to count; everything unless said otherwise. */
export interface TrialFilter {
  /** Only this strategy's, under whatever names its code has run. */
  readonly strategy?: string;
  readonly role?: Trial['role'];
}

/**
 * Names that belong together: those under which the same code ran, followed as far as it goes. A file that is renamed keeps its past as long as the renamed
 * code ran once as it was; one renamed and changed between two runs cannot be told from a new strategy.
 */
const lineageOf = (trials: readonly TrialOnRecord[], strategy: string): readonly string[] => {
  const [codesOf, namesOf] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  const link = (links: Map<string, Set<string>>, from: string, to: string): void => {
    const known = links.get(from);
    if (known) known.add(to);
    else links.set(from, new Set([to]));
  };
  for (const { code, strategies } of trials)
    for (const name of strategies) {
      link(codesOf, name, code);
      link(namesOf, code, name);
    }
  const names = new Set([strategy]);
  // A set being walked hands over what is added to it on the way.
  for (const name of names) for (const code of codesOf.get(name) ?? []) for (const other of namesOf.get(code) ?? []) names.add(other);
  return [strategy, ...[...names].slice(1).sort()];
};

/** Those that a filter lets through, with the names that they were looked for under. */
export const filterTrials = (
  trials: readonly TrialOnRecord[],
  { strategy, role }: TrialFilter,
): { readonly trials: readonly TrialOnRecord[]; readonly names: readonly string[] } => {
  const names = strategy === undefined ? [] : lineageOf(trials, strategy);
  const isOurs = ({ strategies, roles }: TrialOnRecord): boolean =>
    (strategy === undefined || names.some(name => strategies.has(name))) && (role === undefined || roles.has(role));
  return { trials: trials.filter(isOurs), names };
};

/** Count the trials of every run in the ledger, or of the whole team. A folder that does not exist holds none. */
export const countTrials = async (folder: TrialPlace, filter: TrialFilter = {}): Promise<TrialCount> => {
  const { trials: all, unreadable } = await readTrials(folder, filter.strategy);
  const { trials, names } = filterTrials(all, filter);
  const data = new Set(trials.map(trial => trial.data));
  return {
    distinct: trials.length,
    effective: independentTrials(trials),
    lines: trials.reduce((sum, { lines }) => sum + lines, 0),
    unsettled: trials.filter(({ settled }) => !settled).length,
    unreadable,
    names,
    // Of a team only the strategy's own trials were read.
    onSameData: typeof folder === 'string' ? all.filter(trial => data.has(trial.data)).length : await folder.onData([...data]),
  };
};
