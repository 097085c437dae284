import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** Triangular moving average: a mean of means, so that the middle of the window weighs most. Halves as in TA-Lib. */
export const trima = (length: number, options: SourceOption = {}): Feature<number> => {
  const n = barCount('trima', 'length', length);
  const source = sourceOf(options);
  const short = Math.floor((n + 1) / 2);
  const long = n + 1 - short;
  return column(featureKey('trima', n, sourceKey(source)), n, () => {
    const inner = rollingSum(short);
    const outer = rollingSum(long);
    return (bar, out, offset) => {
      out[offset] = outer(inner(read(bar, source))) / (short * long);
    };
  });
};
