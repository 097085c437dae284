import { lowerBound } from '../../datasets/range.js';
import type { Span } from './fold.js';
import { nested } from './nested.js';

/**
 * The tests of an inner split of a training window (see `nested`): `parts` stretches of equally many bars that follow one another. A configuration that is judged on each by
 * itself has to do well as a rule, not once. Purge and embargo shorten an inner fold's training, never its test; where configurations are evaluated and nothing is fitted on the
 * inner training they make no difference, so there are none. `opens` are those of all bars, ascending. Throws usage errors for fewer than two parts or more parts than bars.
 */
export const innerSpans = (window: Span, opens: Float64Array, parts: number): readonly Span[] => {
  const within = opens.subarray(lowerBound(opens, opens.length, window.from), lowerBound(opens, opens.length, window.to));
  const fold = { index: 0, train: window, test: window };
  return nested({ ...window, opens: within }, [fold], { folds: parts })[0]!.inner.flatMap(({ test }) => test);
};
