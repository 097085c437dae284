import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf } from '../source.js';
import { emaFold } from '../windows/exponential-average.js';
import type { ExponentialOptions } from './ema.js';

/** Double exponential moving average, 2·EMA − EMA(EMA): less lag than an EMA. P. Mulloy, Stocks & Commodities 12:1 (1994). */
export const dema = (length: number, options: ExponentialOptions = {}): Feature<number> => {
  const n = barCount('dema', 'length', length);
  const source = sourceOf(options);
  const seed = options.seed ?? 'sma';
  const warmup = 2 * n - 1;
  return column(featureKey('dema', n, sourceKey(source), unlessDefault('seed', seed, 'sma')), warmup, () => {
    const first = emaFold(n, seed);
    const second = emaFold(n, seed);
    return (bar, out, offset) => {
      const a = first(read(bar, source));
      out[offset] = 2 * a - second(a);
    };
  });
};
