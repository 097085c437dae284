import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { delay } from '../windows/delay.js';
import { wilderFold } from '../windows/exponential-average.js';
import { directionalMovement, directionalWarmup, type DirectionalOptions } from './directional-movement.js';

/** `lag` is how many bars lie between the two ADX values that are averaged: `length − 1` (TA-Lib, Tulip) unless said; Wilder's text has `length`. */
export interface AdxrOptions extends DirectionalOptions {
  readonly lag?: number;
}

/** Average directional movement rating: the mean of ADX now and ADX `lag` bars ago. J. W. Wilder (1978). */
export const adxr = (length = 14, options: AdxrOptions = {}): Feature<number> => {
  const n = barCount('adxr', 'length', length, 2);
  const seed = options.seed ?? 'full';
  const lag = barCount('adxr', 'lag', options.lag ?? n - 1);
  const key = featureKey('adxr', n, unlessDefault('lag', lag, n - 1), unlessDefault('seed', seed, 'full'));
  return column(key, directionalWarmup(n, seed) + n - 1 + lag, () => {
    const now = new Float64Array(3);
    const move = directionalMovement(n, seed, now);
    const average = wilderFold(n);
    const past = delay(lag);
    return (bar, out, offset) => {
      move(bar);
      const strength = average(now[2]!);
      out[offset] = (strength + past(strength)) / 2;
    };
  });
};
