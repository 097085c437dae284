import { ascending, barCount, featureKey, unlessDefault } from '../parameters.js';
import { sourceKey, sourceOf, type Source } from '../source.js';
import { emaFold } from '../windows/exponential-average.js';
import type { Fold } from '../windows/fold.js';
import { rollingSum } from '../windows/rolling-sum.js';
import type { ExponentialOptions } from './ema.js';

/** Options of oscillators between two averages; `average` is `ema` unless said (TA-Lib's own default is `sma`). */
export interface AverageGapOptions extends ExponentialOptions {
  readonly average?: 'ema' | 'sma';
}

const meanFold = (n: number): Fold => {
  const sum = rollingSum(n);
  return x => sum(x) / n;
};

/** What `apo` and `ppo` share: checked lengths, the key, and the two averages. */
export const averageGap = (
  name: string,
  fast: number,
  slow: number,
  options: AverageGapOptions,
): { readonly key: string; readonly source: Source; readonly averages: () => readonly [Fold, Fold] } => {
  ascending(name, { fast: barCount(name, 'fast', fast), slow: barCount(name, 'slow', slow) });
  const source = sourceOf(options);
  const seed = options.seed ?? 'sma';
  const average = options.average ?? 'ema';
  return {
    key: featureKey(
      name,
      fast,
      slow,
      sourceKey(source),
      unlessDefault('average', average, 'ema'),
      average === 'ema' ? unlessDefault('seed', seed, 'sma') : undefined,
    ),
    source,
    averages: () => (average === 'ema' ? [emaFold(fast, seed), emaFold(slow, seed)] : [meanFold(fast), meanFold(slow)]),
  };
};
