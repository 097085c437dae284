import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf } from '../source.js';
import { delay } from '../windows/delay.js';
import { emaFold } from '../windows/exponential-average.js';
import type { ExponentialOptions } from './ema.js';

/**
 * Zero-lag exponential moving average: an EMA of x + (x − x of ⌊(length − 1) ÷ 2⌋ bars ago). J. Ehlers & R. Way, Zero Lag (2010).
 * With the `first` seed the average begins at the value of the bar before the first difference exists (Tulip).
 */
export const zlema = (length: number, options: ExponentialOptions = {}): Feature<number> => {
  const n = barCount('zlema', 'length', length, 3);
  const source = sourceOf(options);
  const seed = options.seed ?? 'sma';
  const lag = Math.floor((n - 1) / 2);
  const key = featureKey('zlema', n, sourceKey(source), unlessDefault('seed', seed, 'sma'));
  return column(key, seed === 'sma' ? lag + n : lag + n - 1, () => {
    const past = delay(lag);
    const average = emaFold(n, seed);
    let until = seed === 'first' ? lag : 0;
    return (bar, out, offset) => {
      const x = read(bar, source);
      const before = past(x);
      if (until > 0 && Number.isFinite(x) && --until === 0) average(x);
      out[offset] = average(2 * x - before);
    };
  });
};
