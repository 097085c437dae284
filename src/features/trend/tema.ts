import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf } from '../source.js';
import { emaFold } from '../windows/exponential-average.js';
import type { ExponentialOptions } from './ema.js';

/** Triple exponential moving average, 3·EMA − 3·EMA(EMA) + EMA(EMA(EMA)). P. Mulloy, Stocks & Commodities 12:2 (1994). */
export const tema = (length: number, options: ExponentialOptions = {}): Feature<number> => {
  const n = barCount('tema', 'length', length);
  const source = sourceOf(options);
  const seed = options.seed ?? 'sma';
  const warmup = 3 * n - 2;
  return column(featureKey('tema', n, sourceKey(source), unlessDefault('seed', seed, 'sma')), warmup, () => {
    const first = emaFold(n, seed);
    const second = emaFold(n, seed);
    const third = emaFold(n, seed);
    return (bar, out, offset) => {
      const a = first(read(bar, source));
      const b = second(a);
      out[offset] = 3 * a - 3 * b + third(b);
    };
  });
};
