import { usageError } from '../../errors.js';
import { record, type Feature } from '../feature.js';
import { featureKey, positive } from '../parameters.js';

/** The stop in price, and +1 while long or −1 while short. */
export type Psar = Feature<{ readonly value: number; readonly direction: number }>;

/**
 * Parabolic stop and reverse. The stop moves towards the trend's extreme by an acceleration that starts at `step` and grows by it with each
 * new extreme up to `maximum`, never into the last two bars; a bar that touches it beyond reverses, and the stop is then the old
 * extreme. Begins long when the second bar's median is not below the first's. J. W. Wilder (1978).
 */
export const psar = (step = 0.02, maximum = 0.2): Psar => {
  positive('psar', 'step', step);
  if (positive('psar', 'maximum', maximum) < step)
    throw usageError(
      'bad-feature-parameter',
      `psar: maximum must be at least step (${step}), not ${maximum}.`,
      'Raise maximum or lower step.',
    );
  return record(featureKey('psar', step, maximum), 2, ['value', 'direction'], () => {
    /** High and low of the last bar and of the one before it. */
    const bars = new Float64Array(4);
    /** Stop, extreme, acceleration. */
    const state = new Float64Array(3);
    // 0 until a second bar says which way to begin.
    let direction = 0;
    let begun = false;
    return (bar, out, offset) => {
      const { high, low } = bar;
      out[offset] = NaN;
      out[offset + 1] = NaN;
      if (!Number.isFinite(high + low)) return;
      const high1 = begun ? bars[0]! : high;
      const low1 = begun ? bars[1]! : low;
      const high2 = bars[2]!;
      const low2 = bars[3]!;
      bars[0] = high;
      bars[1] = low;
      bars[2] = high1;
      bars[3] = low1;
      if (!begun) {
        begun = true;
        return;
      }
      let stop = state[0]!;
      let extreme = state[1]!;
      let acceleration = state[2]!;
      if (direction === 0) {
        direction = high + low >= high1 + low1 ? 1 : -1;
        stop = direction > 0 ? low1 : high1;
        extreme = direction > 0 ? high1 : low1;
        acceleration = step;
      }
      stop += acceleration * (extreme - stop);
      stop = direction > 0 ? Math.min(stop, low1, low2) : Math.max(stop, high1, high2);
      const reach = direction > 0 ? high : low;
      if (direction * (reach - extreme) > 0) {
        extreme = reach;
        acceleration = Math.min(maximum, acceleration + step);
      }
      if (direction > 0 ? low < stop : high > stop) {
        direction = -direction;
        stop = extreme;
        extreme = direction > 0 ? high : low;
        acceleration = step;
      }
      state[0] = stop;
      state[1] = extreme;
      state[2] = acceleration;
      out[offset] = stop;
      out[offset + 1] = direction;
    };
  });
};
