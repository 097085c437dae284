import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { hasRange } from '../source.js';
import { rollingMaximum, rollingMinimum } from '../windows/rolling-extreme.js';

/** Williams %R, −100…0: how far the close is below the highest high of `length` bars, in per cent of their range; −50 without any range. */
export const williamsR = (length = 14): Feature<number> => {
  const n = barCount('williams-r', 'length', length);
  return column(featureKey('williams-r', n), n, () => {
    const highest = rollingMaximum(n);
    const lowest = rollingMinimum(n);
    return (bar, out, offset) => {
      if (!hasRange(bar)) {
        out[offset] = NaN;
        return;
      }
      const high = highest(bar.high);
      const span = high - lowest(bar.low);
      out[offset] = span === 0 ? -50 : (-100 * (high - bar.close)) / span;
    };
  });
};
