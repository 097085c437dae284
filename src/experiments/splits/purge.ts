import { usageError } from '../../errors.js';
import type { BarRange, NumberedBars } from './bar-ranges.js';
import { walkOf } from './calendar.js';
import type { Calendar, Extent } from './calendar.js';

/** How far training keeps away from a test. */
export interface PurgeOptions {
  /**
   * How long a decision's outcome takes to be known: the label's horizon, or the longest holding time. Before a test, bars whose label matures inside it are not
   * trained on; after a test, bars that open before its own last label has matured are not. Default: none.
   */
  readonly purge?: Extent;
  /**
   * Further gap for what outlasts the outcome itself, such as features that look back over the test. Kept on both sides of a test, as walks keep theirs before it;
   * López de Prado keeps it only after. Default: none.
   */
  readonly embargo?: Extent;
}

/** The bars of `allowed` that may be trained on beside tests, both as ascending ranges. */
export type Purge = (allowed: readonly BarRange[], tests: readonly BarRange[]) => readonly BarRange[];

/**
 * Drops from training what shares an outcome with a test: with labels over [t, t + purge], no training label touches the span from a test's begin to the
 * maturity of its last label. Every purged bar is dropped whole. Source: López de Prado, Advances in Financial Machine Learning (2018), §7.4.
 */
export const purgeOf = (calendar: Calendar, bars: NumberedBars, { purge = 0, embargo = 0 }: PurgeOptions): Purge => {
  const walk = walkOf(calendar);
  const gaps = [purge, embargo];
  const without = (range: BarRange, test: BarRange): readonly BarRange[] => {
    const until = gaps.reduce((index: number, gap) => bars.before(walk.before(bars.boundary(index), gap)), test.first);
    const resume = gaps.reduce((index: number, gap) => bars.from(walk.after(bars.boundary(index), gap)), test.end);
    return [
      { first: range.first, end: Math.min(range.end, until) },
      { first: Math.max(range.first, resume), end: range.end },
    ].filter(({ first, end }) => first < end);
  };
  return (allowed, tests) => tests.reduce((left, test) => left.flatMap(range => without(range, test)), allowed);
};

/** The ranges, unless there are none. Throws a usage error that names the fold. */
export const someTraining = (train: readonly BarRange[], index: number): readonly BarRange[] => {
  if (train.length === 0)
    throw usageError(
      'too-short',
      `Purge and embargo leave nothing to train on in fold ${index}.`,
      'Make them shorter, use fewer folds or more data.',
    );
  return train;
};

/** The number of folds or groups, if it is a whole number of `least` or more. Throws a usage error otherwise. */
export const checkedParts = (parts: number, least: number, what: string): number => {
  if (!Number.isInteger(parts) || parts < least)
    throw usageError('bad-split', `${parts} is not a number of ${what}.`, `Use a whole number, ${least} or more.`);
  return parts;
};
