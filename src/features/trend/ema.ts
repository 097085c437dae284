import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { emaFold, type Seed } from '../windows/exponential-average.js';

/** Options of features built on exponential averages; `seed` says how they begin, `sma` unless said. */
export interface ExponentialOptions extends SourceOption {
  readonly seed?: Seed;
}

/** Exponential moving average with the weight 2 ÷ (length + 1), in the unit of its source. */
export const ema = (length: number, options: ExponentialOptions = {}): Feature<number> => {
  const n = barCount('ema', 'length', length);
  const source = sourceOf(options);
  const seed = options.seed ?? 'sma';
  return column(featureKey('ema', n, sourceKey(source), unlessDefault('seed', seed, 'sma')), n, () => {
    const average = emaFold(n, seed);
    return (bar, out, offset) => {
      out[offset] = average(read(bar, source));
    };
  });
};
