import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { delay } from '../windows/delay.js';

/** Rate of change over `length` bars as a fraction: 0.05 is 5 % up. */
export const roc = (length = 10, options: SourceOption = {}): Feature<number> => {
  const n = barCount('roc', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('roc', n, sourceKey(source)), n + 1, () => {
    const past = delay(n);
    return (bar, out, offset) => {
      const x = read(bar, source);
      const before = past(x);
      out[offset] = (x - before) / before;
    };
  });
};
