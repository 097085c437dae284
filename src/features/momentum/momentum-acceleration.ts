import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Log return over the last `length` bars less that over the `length` bars before, ÷ √(sum of the squared returns of both): above 0 a move gains pace. Within
 * ±√(2 · length); 0 when nothing moved.
 */
export const momentumAcceleration = (length = 24): Feature<number> => {
  const n = barCount('momentum-acceleration', 'length', length);
  return column(featureKey('momentum-acceleration', n), 2 * n + 1, () => {
    const step = logStep();
    const moves = rollingSum(n);
    const before = delay(n);
    const squares = rollingSum(2 * n);
    return (bar, out, offset) => {
      const r = step(bar.close);
      const move = moves(r);
      const earlier = before(move);
      const square = squares(r * r);
      out[offset] = square === 0 ? 0 : (move - earlier) / Math.sqrt(square);
    };
  });
};
