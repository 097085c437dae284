import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf } from '../source.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import type { DeviationOptions } from './standard-deviation.js';

/** How many standard deviations the newest value is from the mean of the last `length` (itself included); 0 when none moved. */
export const zScore = (length = 20, options: DeviationOptions = {}): Feature<number> => {
  const n = barCount('z-score', 'length', length, 2);
  const source = sourceOf(options);
  const deviation = options.deviation ?? 'population';
  const divisor = deviation === 'sample' ? n - 1 : n;
  return column(featureKey('z-score', n, sourceKey(source), unlessDefault('deviation', deviation, 'population')), n, () => {
    const moments = new Float64Array(2);
    const push = rollingMoments(n, moments);
    return (bar, out, offset) => {
      const x = read(bar, source);
      push(x);
      out[offset] = moments[1] === 0 ? 0 : (x - moments[0]!) / Math.sqrt(moments[1]! / divisor);
    };
  });
};
