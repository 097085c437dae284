import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { weightedAverage } from './wma.js';

/** Hull moving average: WMA over ⌊√length⌋ of 2·WMA(length ÷ 2) − WMA(length). A. Hull (2005). */
export const hma = (length: number, options: SourceOption = {}): Feature<number> => {
  const n = barCount('hma', 'length', length, 2);
  const source = sourceOf(options);
  const root = Math.floor(Math.sqrt(n));
  return column(featureKey('hma', n, sourceKey(source)), n + root - 1, () => {
    const half = weightedAverage(Math.floor(n / 2));
    const whole = weightedAverage(n);
    const smooth = weightedAverage(root);
    return (bar, out, offset) => {
      const x = read(bar, source);
      out[offset] = smooth(2 * half(x) - whole(x));
    };
  });
};
