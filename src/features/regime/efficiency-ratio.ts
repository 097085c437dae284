import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { delay } from '../windows/delay.js';
import type { Fold } from '../windows/fold.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** |x − x of n values ago| ÷ Σ|steps between|; 0 when nothing moved. */
export const efficiency = (n: number): Fold => {
  const past = delay(n);
  const last = delay(1);
  const path = rollingSum(n);
  return x => {
    const travelled = path(Math.abs(x - last(x)));
    const net = Math.abs(x - past(x));
    if (travelled === 0) return 0;
    const ratio = net / travelled;
    return ratio > 1 ? 1 : ratio;
  };
};

/** Kaufman's efficiency ratio: net move over distance travelled in `length` bars, from 0 (noise) to 1 (a straight line). */
export const efficiencyRatio = (length = 10, options: SourceOption = {}): Feature<number> => {
  const n = barCount('efficiency-ratio', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('efficiency-ratio', n, sourceKey(source)), n + 1, () => {
    const ratio = efficiency(n);
    return (bar, out, offset) => {
      out[offset] = ratio(read(bar, source));
    };
  });
};
