import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { hasRange } from '../source.js';
import { rollingMaximum, rollingMinimum } from '../windows/rolling-extreme.js';

/** Where the close lies between the lowest low (0) and the highest high (1) of the last `length` bars; 0.5 when they had no range. R. Donchian's channel. */
export const donchianPosition = (length = 20): Feature<number> => {
  const n = barCount('donchian-position', 'length', length);
  return column(featureKey('donchian-position', n), n, () => {
    const highest = rollingMaximum(n);
    const lowest = rollingMinimum(n);
    return (bar, out, offset) => {
      if (!hasRange(bar)) {
        out[offset] = NaN;
        return;
      }
      const low = lowest(bar.low);
      const span = highest(bar.high) - low;
      out[offset] = span === 0 ? 0.5 : (bar.close - low) / span;
    };
  });
};
