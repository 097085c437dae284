import { usageError } from '../../errors.js';
import { cutEvenly, numberedBars } from './bar-ranges.js';
import type { Calendar } from './calendar.js';
import { choices } from './choices.js';
import type { SplitFold } from './fold.js';
import { checkedParts, purgeOf, someTraining } from './purge.js';
import type { PurgeOptions } from './purge.js';

/** How many parts history is cut into, and how many of them each split tests. */
export interface CombinatorialOptions extends PurgeOptions {
  /** N: parts of history, 2 or more. */
  readonly groups: number;
  /** k: parts that each split tests, 1 to N − 1. With 2, N groups give N − 1 paths. */
  readonly testGroups: number;
}

/** A split that tests several groups. */
export interface CombinatorialFold extends SplitFold {
  /** Numbers of the groups tested, ascending: `test[i]` is the span of group `groups[i]`. */
  readonly groups: readonly number[];
}

/** All splits, and how their tests join into whole histories. */
export interface CombinatorialSplit {
  readonly folds: readonly CombinatorialFold[];
  /** `paths[p][g]` is the index of the fold whose test of group g belongs to path p. A path tests every group once, and so all of history. */
  readonly paths: readonly (readonly number[])[];
}

/** More splits than anyone waits for; a mistyped number of groups would fill the memory. */
const MOST_SPLITS = 10_000;

/**
 * Every choice of k test groups out of N, trained on the others less what is purged around each test: C(N, k) splits, in lexicographic order of their groups.
 * Each group is tested C(N − 1, k − 1) times, each time after another training; the p-th of these tests goes to path p, which gives k ÷ N × C(N, k)
 * out-of-sample histories instead of one, and so a distribution of their Sharpe ratio.
 * Throws a usage error without the calendar's bars, for numbers out of range, more than 10,000 splits, or where nothing is left to train on.
 * Source: López de Prado, Advances in Financial Machine Learning (2018), ch. 12.
 */
export const combinatorialPurged = (calendar: Calendar, options: CombinatorialOptions): CombinatorialSplit => {
  const bars = numberedBars(calendar);
  const groups = checkedParts(options.groups, 2, 'groups');
  const testGroups = checkedParts(options.testGroups, 1, 'test groups');
  if (testGroups >= groups)
    throw usageError('bad-split', `Testing ${testGroups} of ${groups} groups leaves none to train on.`, 'Test fewer groups.');
  const chosen = choices(groups, testGroups, MOST_SPLITS);
  if (chosen === null)
    throw usageError(
      'bad-split',
      `Testing ${testGroups} of ${groups} groups makes more than ${MOST_SPLITS} splits.`,
      'Use fewer groups or test fewer.',
    );
  const all = [{ first: 0, end: bars.count }];
  const ranges = cutEvenly(all, groups).flat();
  const purge = purgeOf(calendar, bars, options);
  const folds = chosen.map((tested, index) => {
    const test = tested.map(group => ranges[group]!);
    return { index, groups: tested, train: someTraining(purge(all, test), index).map(bars.spanOf), test: test.map(bars.spanOf) };
  });
  const tests = ranges.map((_, group) => folds.filter(fold => fold.groups.includes(group)).map(({ index }) => index));
  return { folds, paths: tests[0]!.map((_, path) => tests.map(folded => folded[path]!)) };
};
