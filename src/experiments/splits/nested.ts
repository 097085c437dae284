import { cutEvenly, numberedBars } from './bar-ranges.js';
import type { BarRange } from './bar-ranges.js';
import type { Calendar } from './calendar.js';
import type { Fold, Span, SplitFold } from './fold.js';
import { checkedParts, purgeOf, someTraining } from './purge.js';
import type { KFoldOptions } from './purged-k-fold.js';

/** A fold of a walk or of a cross-validation with the folds that choose its parameters. */
export interface NestedFold<F extends Fold | SplitFold> {
  readonly outer: F;
  /** Split of the outer training alone; the outer test is in none of them. */
  readonly inner: readonly SplitFold[];
}

const spansOf = ({ train }: Fold | SplitFold): readonly Span[] => ('from' in train ? [train] : train);

/**
 * Splits each fold's training into a purged k-fold of its own, so that what is tuned is judged on bars it was not fitted to and the outer test stays unseen.
 * Training in several spans is shared out as one: an inner test that reaches over a hole is in several spans. Purge and embargo are kept across holes too.
 * Throws usage errors as `purgedKFold` does.
 * Source: Cawley & Talbot, On Over-fitting in Model Selection, Journal of Machine Learning Research 11 (2010).
 */
export const nested = <F extends Fold | SplitFold>(
  calendar: Calendar,
  folds: readonly F[],
  options: KFoldOptions,
): readonly NestedFold<F>[] => {
  const bars = numberedBars(calendar);
  const parts = checkedParts(options.folds, 2, 'folds');
  const purge = purgeOf(calendar, bars, options);
  return folds.map(outer => {
    const spans = spansOf(outer);
    const allowed = spans.map(bars.rangeOf);
    const within = (range: BarRange): Span => {
      const { from, to } = bars.spanOf(range);
      const whole = spans[allowed.findIndex(({ first, end }) => range.first >= first && range.end <= end)]!;
      return { from: Math.max(from, whole.from), to: Math.min(to, whole.to) };
    };
    const inner = cutEvenly(allowed, parts).map((test, index) => ({
      index,
      train: someTraining(purge(allowed, test), index).map(within),
      test: test.map(within),
    }));
    return { outer, inner };
  });
};
