import { usageError } from '../../errors.js';
import { walkOf } from './calendar.js';
import type { Calendar, CalendarWalk, Extent } from './calendar.js';
import type { Fold } from './fold.js';

/** How a walk is cut. Extents are durations (`180d`) or numbers of bars, and may be mixed. */
export interface WalkOptions {
  /** Length of a training window (anchored: of the first), gap included. */
  readonly train: Extent;
  /** Length of a test window. Tests follow one another without gap or overlap. */
  readonly test: Extent;
  /**
   * How long a decision's outcome takes to be known: the label's horizon, or the longest holding time. That much is dropped from the end of each training
   * window, so that nothing learnt there was decided by prices of the test. Default: none.
   */
  readonly purge?: Extent;
  /** Further gap before the test, for what outlasts the outcome itself, such as serial correlation of features. Default: none. */
  readonly embargo?: Extent;
  /** Also use what remains at the end as a shorter last test. Default: drop it, so that all tests are alike. */
  readonly partial?: boolean;
}

/**
 * Consecutive folds: the first test begins one training window after the data's start, each further one where the last ended.
 * A training window ends `purge` + `embargo` before its test. Throws a usage error when not one fold fits, or the gap leaves nothing to train on.
 */
export const foldsOf = (
  calendar: Calendar,
  options: WalkOptions,
  trainStart: (walk: CalendarWalk, testStart: number) => number,
): readonly Fold[] => {
  const { train, test, purge = 0, embargo = 0, partial = false } = options;
  const walk = walkOf(calendar);
  const folds: Fold[] = [];
  const first = walk.after(calendar.from, train);
  if (walk.after(calendar.from, test) === calendar.from)
    throw usageError('bad-window', 'A test window cannot be empty.', 'Give it a length, like 30d.');
  for (let start = first; start < calendar.to;) {
    const whole = walk.after(start, test);
    if (whole > calendar.to && !partial) break;
    const end = Math.min(whole, calendar.to);
    const from = trainStart(walk, start);
    const to = walk.before(walk.before(start, purge), embargo);
    if (!(to > from))
      throw usageError('bad-window', 'Purge and embargo leave nothing to train on.', 'Make the training window longer than both together.');
    folds.push({ index: folds.length, train: { from, to }, test: { from: start, to: end } });
    start = end;
  }
  if (folds.length === 0)
    throw usageError(
      'too-short',
      `The data is too short for one training window (${train}) and one test window (${test}).`,
      'Use shorter windows or more data.',
    );
  return folds;
};
