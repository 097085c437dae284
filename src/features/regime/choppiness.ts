import { column, type Feature } from '../feature.js';
import { hasRange } from '../source.js';
import { barCount, featureKey } from '../parameters.js';
import { trueRangeFold } from '../volatility/true-range.js';
import { rollingMaximum, rollingMinimum } from '../windows/rolling-extreme.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Choppiness index, 100 · ln(Σ true range ÷ (highest high − lowest low)) ÷ ln(length): near 100 a market goes nowhere, near 0 it
 * trends; above 61.8 and below 38.2 are the usual thresholds. A market that did not move at all is 100. E. W. Dreiss (1993).
 */
export const choppiness = (length = 14): Feature<number> => {
  const n = barCount('choppiness', 'length', length, 2);
  const scale = 100 / Math.log(n);
  return column(featureKey('choppiness', n), n, () => {
    const range = trueRangeFold();
    const travelled = rollingSum(n);
    const highest = rollingMaximum(n);
    const lowest = rollingMinimum(n);
    return (bar, out, offset) => {
      if (!hasRange(bar)) {
        out[offset] = NaN;
        return;
      }
      const span = highest(bar.high) - lowest(bar.low);
      const distance = travelled(range(bar));
      out[offset] = span === 0 ? 100 : scale * Math.log(distance / span);
    };
  });
};
