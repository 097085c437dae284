import { column, type Feature } from '../feature.js';
import { ascending, barCount, featureKey } from '../parameters.js';
import { efficiency } from '../regime/efficiency-ratio.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';

/**
 * Kaufman's adaptive moving average: an exponential average whose weight moves between those of an EMA of `fast` and of `slow` bars
 * with the square of the efficiency ratio over `length`. Begins at the close before the first ratio. P. Kaufman, Smarter Trading (1995).
 */
export const kama = (length = 10, fast = 2, slow = 30, options: SourceOption = {}): Feature<number> => {
  const n = barCount('kama', 'length', length);
  ascending('kama', { fast: barCount('kama', 'fast', fast), slow: barCount('kama', 'slow', slow) });
  const source = sourceOf(options);
  const slowest = 2 / (slow + 1);
  const range = 2 / (fast + 1) - slowest;
  return column(featureKey('kama', n, fast, slow, sourceKey(source)), n + 1, () => {
    const ratio = efficiency(n);
    const state = new Float64Array(1);
    return (bar, out, offset) => {
      const x = read(bar, source);
      const e = ratio(x);
      if (!Number.isFinite(e)) {
        if (Number.isFinite(x)) state[0] = x;
        out[offset] = NaN;
        return;
      }
      const root = e * range + slowest;
      const y = state[0]! + root * root * (x - state[0]!);
      state[0] = y;
      out[offset] = y;
    };
  });
};
