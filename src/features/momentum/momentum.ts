import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { delay } from '../windows/delay.js';

/** Difference to the value `length` bars ago, in the unit of the source. */
export const momentum = (length = 10, options: SourceOption = {}): Feature<number> => {
  const n = barCount('momentum', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('momentum', n, sourceKey(source)), n + 1, () => {
    const past = delay(n);
    return (bar, out, offset) => {
      const x = read(bar, source);
      out[offset] = x - past(x);
    };
  });
};
