import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { hasRange } from '../source.js';
import { rollingMaximum } from '../windows/rolling-extreme.js';

/** ln(close ÷ highest high of the last `length` bars): 0 at the high, −0.1 about 10 % under it. As in T. George & C. Hwang, The 52-Week High (2004). */
export const distanceFromHigh = (length = 100): Feature<number> => {
  const n = barCount('distance-from-high', 'length', length);
  return column(featureKey('distance-from-high', n), n, () => {
    const highest = rollingMaximum(n);
    return (bar, out, offset) => {
      out[offset] = hasRange(bar) ? Math.log(bar.close / highest(bar.high)) : NaN;
    };
  });
};
