import { cutEvenly, numberedBars } from './bar-ranges.js';
import type { Calendar } from './calendar.js';
import type { SplitFold } from './fold.js';
import { checkedParts, purgeOf, someTraining } from './purge.js';
import type { PurgeOptions } from './purge.js';

/** How history is shared out to folds. */
export interface KFoldOptions extends PurgeOptions {
  /** Number of folds, 2 or more; each tests its part of the bars. */
  readonly folds: number;
}

/**
 * Cuts history into equal parts; each is the test once, and the rest trains but for what is purged on both sides of the test. Every bar is tested exactly once.
 * Uses all data where a walk has little, at the price that training sees bars later than the test: it says what can be learnt, not what could have been earned.
 * Throws a usage error without the calendar's bars, with fewer bars than folds, or where nothing is left to train on.
 * Source: López de Prado, Advances in Financial Machine Learning (2018), §7.4.
 */
export const purgedKFold = (calendar: Calendar, options: KFoldOptions): readonly SplitFold[] => {
  const bars = numberedBars(calendar);
  const all = [{ first: 0, end: bars.count }];
  const purge = purgeOf(calendar, bars, options);
  return cutEvenly(all, checkedParts(options.folds, 2, 'folds')).map((test, index) => ({
    index,
    train: someTraining(purge(all, test), index).map(bars.spanOf),
    test: test.map(bars.spanOf),
  }));
};
