import { column, type Feature } from '../feature.js';
import { ascending, barCount, featureKey, unlessDefault } from '../parameters.js';
import { emaFold, type Seed } from '../windows/exponential-average.js';
import { accumulation } from './accumulation-distribution.js';

/** Options of the oscillator; `seed` says how its averages begin, `sma` unless said. */
export interface AdOscillatorOptions {
  readonly seed?: Seed;
}

/** Chaikin oscillator: EMA(fast) − EMA(slow) of the accumulation/distribution line, in base units. M. Chaikin. */
export const adOscillator = (fast = 3, slow = 10, options: AdOscillatorOptions = {}): Feature<number> => {
  const name = 'ad-oscillator';
  ascending(name, { fast: barCount(name, 'fast', fast), slow: barCount(name, 'slow', slow) });
  const seed = options.seed ?? 'sma';
  return column(featureKey(name, fast, slow, unlessDefault('seed', seed, 'sma')), slow, () => {
    const total = accumulation();
    const quick = emaFold(fast, seed);
    const steady = emaFold(slow, seed);
    return (bar, out, offset) => {
      const line = total(bar);
      out[offset] = quick(line) - steady(line);
    };
  });
};
