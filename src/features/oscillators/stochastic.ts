import { record, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { hasRange } from '../source.js';
import { rollingMaximum, rollingMinimum } from '../windows/rolling-extreme.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** %K and its average %D, 0…100. */
export type Stochastic = Feature<{ readonly k: number; readonly d: number }>;

/**
 * Stochastic oscillator: where the close lies in the range of the last `length` bars, averaged over `smooth` bars (%K; 1 is the fast
 * stochastic), and that averaged over `signal` bars (%D). A window without any range counts as 50. G. Lane.
 */
export const stochastic = (length = 14, smooth = 3, signal = 3): Stochastic => {
  const name = 'stochastic';
  const n = barCount(name, 'length', length);
  barCount(name, 'smooth', smooth);
  barCount(name, 'signal', signal);
  return record(featureKey(name, n, smooth, signal), n + smooth + signal - 2, ['k', 'd'], () => {
    const highest = rollingMaximum(n);
    const lowest = rollingMinimum(n);
    const slow = rollingSum(smooth);
    const average = rollingSum(signal);
    return (bar, out, offset) => {
      let k = NaN;
      if (hasRange(bar)) {
        const low = lowest(bar.low);
        const span = highest(bar.high) - low;
        k = slow(span === 0 ? 50 : (100 * (bar.close - low)) / span) / smooth;
      }
      const d = average(k) / signal;
      out[offset] = Number.isFinite(d) ? k : NaN;
      out[offset + 1] = d;
    };
  });
};
