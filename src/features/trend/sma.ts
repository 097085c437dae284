import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** Simple moving average: the mean of the last `length` closes (or of another `source`), in its unit. */
export const sma = (length: number, options: SourceOption = {}): Feature<number> => {
  const n = barCount('sma', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('sma', n, sourceKey(source)), n, () => {
    const sum = rollingSum(n);
    return (bar, out, offset) => {
      out[offset] = sum(read(bar, source)) / n;
    };
  });
};
