import { record, type Feature } from '../feature.js';
import { ascending, barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf } from '../source.js';
import { emaFold } from '../windows/exponential-average.js';
import type { ExponentialOptions } from './ema.js';

/** MACD line, its signal line and their difference, in the unit of the source. */
export type Macd = Feature<{ readonly macd: number; readonly signal: number; readonly histogram: number }>;

/**
 * Moving average convergence/divergence: EMA(fast) − EMA(slow), and an EMA of that over `signal` bars. Each average is seeded on its
 * own first bars (LEAN, TradingView); `seed: 'first'` is Tulip's. G. Appel.
 */
export const macd = (fast = 12, slow = 26, signal = 9, options: ExponentialOptions = {}): Macd => {
  ascending('macd', { fast: barCount('macd', 'fast', fast), slow: barCount('macd', 'slow', slow) });
  barCount('macd', 'signal', signal);
  const source = sourceOf(options);
  const seed = options.seed ?? 'sma';
  const key = featureKey('macd', fast, slow, signal, sourceKey(source), unlessDefault('seed', seed, 'sma'));
  return record(key, slow + signal - 1, ['macd', 'signal', 'histogram'], () => {
    const quick = emaFold(fast, seed);
    const steady = emaFold(slow, seed);
    const smooth = emaFold(signal, seed);
    return (bar, out, offset) => {
      const x = read(bar, source);
      const line = quick(x) - steady(x);
      const average = smooth(line);
      // Nothing until everything is there, so that a strategy never sees half an indicator.
      out[offset] = Number.isFinite(average) ? line : NaN;
      out[offset + 1] = average;
      out[offset + 2] = line - average;
    };
  });
};
