import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf } from '../source.js';
import type { ExponentialOptions } from '../trend/ema.js';
import { delay } from '../windows/delay.js';
import { emaFold } from '../windows/exponential-average.js';

/** TRIX: change of a triple EMA over one bar, in per cent of its previous value. J. Hutson, Stocks & Commodities 1:5 (1983). */
export const trix = (length = 15, options: ExponentialOptions = {}): Feature<number> => {
  const n = barCount('trix', 'length', length);
  const source = sourceOf(options);
  const seed = options.seed ?? 'sma';
  return column(featureKey('trix', n, sourceKey(source), unlessDefault('seed', seed, 'sma')), 3 * n - 1, () => {
    const first = emaFold(n, seed);
    const second = emaFold(n, seed);
    const third = emaFold(n, seed);
    const last = delay(1);
    return (bar, out, offset) => {
      const smooth = third(second(first(read(bar, source))));
      const before = last(smooth);
      out[offset] = (100 * (smooth - before)) / before;
    };
  });
};
