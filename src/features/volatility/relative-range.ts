import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { hasRange } from '../source.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { trueRangeFold } from './true-range.js';

/** True range of the bar ÷ mean true range of the last `length` (itself included): above 1 a wide bar, at most `length`; 1 when nothing moved. */
export const relativeRange = (length = 24): Feature<number> => {
  const n = barCount('relative-range', 'length', length);
  return column(featureKey('relative-range', n), n, () => {
    const range = trueRangeFold();
    const sum = rollingSum(n);
    return (bar, out, offset) => {
      out[offset] = NaN;
      if (!hasRange(bar)) return;
      const now = range(bar);
      const all = sum(now);
      out[offset] = all === 0 ? 1 : (now * n) / all;
    };
  });
};
