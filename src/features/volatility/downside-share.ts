import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Share of the squared log returns of the last `length` bars that fell, 0…1: downside ÷ (downside + upside semivariance). 0.5 is even, and when nothing moved.
 * O. Barndorff-Nielsen, S. Kinnebrock & N. Shephard, Measuring Downside Risk: Realised Semivariance (2010).
 */
export const downsideShare = (length = 48): Feature<number> => {
  const n = barCount('downside-share', 'length', length);
  return column(featureKey('downside-share', n), n + 1, () => {
    const step = logStep();
    const falls = rollingSum(n);
    const sum = rollingSum(n);
    return (bar, out, offset) => {
      const r = step(bar.close);
      const square = r * r;
      const down = falls(r > 0 ? 0 : square);
      const all = sum(square);
      out[offset] = all === 0 ? 0.5 : down / all;
    };
  });
};
