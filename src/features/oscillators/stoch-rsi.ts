import { record } from '../feature.js';
import { gainShare } from '../momentum/rsi.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { rollingMaximum, rollingMinimum } from '../windows/rolling-extreme.js';
import { rollingSum } from '../windows/rolling-sum.js';
import type { Stochastic } from './stochastic.js';

/**
 * Stochastic RSI, 0…100: where the RSI of `length` steps lies in its own range of the last `window` bars, averaged over `smooth` bars (%K) and
 * that over `signal` bars (%D). An RSI that did not move counts as 50. T. Chande & S. Kroll (1994).
 */
export const stochRsi = (length = 14, window = 14, smooth = 3, signal = 3, options: SourceOption = {}): Stochastic => {
  const name = 'stoch-rsi';
  const n = barCount(name, 'length', length);
  const m = barCount(name, 'window', window);
  barCount(name, 'smooth', smooth);
  barCount(name, 'signal', signal);
  const source = sourceOf(options);
  return record(featureKey(name, n, m, smooth, signal, sourceKey(source)), n + m + smooth + signal - 2, ['k', 'd'], () => {
    const strength = gainShare(n, 'wilder');
    const highest = rollingMaximum(m);
    const lowest = rollingMinimum(m);
    const slow = rollingSum(smooth);
    const average = rollingSum(signal);
    return (bar, out, offset) => {
      const share = strength(read(bar, source));
      const low = lowest(share);
      const span = highest(share) - low;
      const k = slow(span === 0 ? 50 : (100 * (share - low)) / span) / smooth;
      const d = average(k) / signal;
      out[offset] = Number.isFinite(d) ? k : NaN;
      out[offset + 1] = d;
    };
  });
};
