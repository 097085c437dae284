import { record, type Feature } from '../feature.js';
import { barCount, featureKey, positive, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf } from '../source.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import type { DeviationOptions } from './standard-deviation.js';

/** The bands in the unit of the source; `width` is their distance as a fraction of the middle, `percentB` 0 at the lower and 1 at the upper. */
export type Bollinger = Feature<{
  readonly upper: number;
  readonly middle: number;
  readonly lower: number;
  readonly width: number;
  readonly percentB: number;
}>;

/** Bollinger bands: mean ± `multiplier` population standard deviations of the last `length` values. In a flat market `percentB` is 0.5. */
export const bollinger = (length = 20, multiplier = 2, options: DeviationOptions = {}): Bollinger => {
  const deviation = options.deviation ?? 'population';
  const n = barCount('bollinger', 'length', length, deviation === 'sample' ? 2 : 1);
  const k = positive('bollinger', 'multiplier', multiplier);
  const source = sourceOf(options);
  const divisor = deviation === 'sample' ? n - 1 : n;
  const key = featureKey('bollinger', n, k, sourceKey(source), unlessDefault('deviation', deviation, 'population'));
  return record(key, n, ['upper', 'middle', 'lower', 'width', 'percentB'], () => {
    const moments = new Float64Array(2);
    const push = rollingMoments(n, moments);
    return (bar, out, offset) => {
      const x = read(bar, source);
      push(x);
      const mean = moments[0]!;
      const band = k * Math.sqrt(moments[1]! / divisor);
      out[offset] = mean + band;
      out[offset + 1] = mean;
      out[offset + 2] = mean - band;
      out[offset + 3] = (2 * band) / mean;
      out[offset + 4] = band === 0 ? 0.5 : (x - mean + band) / (2 * band);
    };
  });
};
