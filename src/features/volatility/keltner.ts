import { record, type Feature } from '../feature.js';
import { barCount, featureKey, positive, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf } from '../source.js';
import type { ExponentialOptions } from '../trend/ema.js';
import { emaFold } from '../windows/exponential-average.js';
import { averageTrueRange } from './atr.js';

/** The channel, in price. */
export type Keltner = Feature<{ readonly upper: number; readonly middle: number; readonly lower: number }>;

/** `atr` is the length of the average true range, the EMA's unless said. */
export interface KeltnerOptions extends ExponentialOptions {
  readonly atr?: number;
}

/** Keltner channel: EMA(length) ± `multiplier` · ATR. C. Keltner (1960), in L. Raschke's form. */
export const keltner = (length = 20, multiplier = 2, options: KeltnerOptions = {}): Keltner => {
  const n = barCount('keltner', 'length', length);
  const k = positive('keltner', 'multiplier', multiplier);
  const m = barCount('keltner', 'atr', options.atr ?? n);
  const source = sourceOf(options);
  const seed = options.seed ?? 'sma';
  const key = featureKey('keltner', n, k, sourceKey(source), unlessDefault('atr', m, n), unlessDefault('seed', seed, 'sma'));
  return record(key, Math.max(n, m), ['upper', 'middle', 'lower'], () => {
    const average = emaFold(n, seed);
    const range = averageTrueRange(m);
    return (bar, out, offset) => {
      const middle = average(read(bar, source));
      const band = k * range(bar);
      out[offset] = middle + band;
      out[offset + 1] = Number.isFinite(band) ? middle : NaN;
      out[offset + 2] = middle - band;
    };
  });
};
