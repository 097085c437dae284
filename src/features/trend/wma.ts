import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import type { Fold } from '../windows/fold.js';
import { rollingLine } from '../windows/rolling-line.js';

/** Σ k·x ÷ Σ k with k = 1 for the oldest of n values: the mean plus the slope times (n − 1) ÷ 6. */
export const weightedAverage = (n: number): Fold => {
  const line = new Float64Array(2);
  const push = rollingLine(n, line);
  return x => {
    push(x);
    return line[0]! + (line[1]! * (n - 1)) / 6;
  };
};

/** Linearly weighted moving average: the newest of `length` values weighs `length`, the oldest 1. */
export const wma = (length: number, options: SourceOption = {}): Feature<number> => {
  const n = barCount('wma', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('wma', n, sourceKey(source)), n, () => {
    const average = weightedAverage(n);
    return (bar, out, offset) => {
      out[offset] = average(read(bar, source));
    };
  });
};

/** The other name of `wma`. */
export const lwma = (length: number, options: SourceOption = {}): Feature<number> => wma(length, options);
