import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { delay } from '../windows/delay.js';

/** Natural logarithm of the value over the one `length` bars ago. */
export const logReturn = (length = 1, options: SourceOption = {}): Feature<number> => {
  const n = barCount('log-return', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('log-return', n, sourceKey(source)), n + 1, () => {
    const past = delay(n);
    return (bar, out, offset) => {
      const x = read(bar, source);
      out[offset] = Math.log(x / past(x));
    };
  });
};
