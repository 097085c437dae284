import { column, type Feature } from '../feature.js';
import { ascending, barCount, featureKey } from '../parameters.js';
import { hasRange } from '../source.js';
import { delay } from '../windows/delay.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Ultimate oscillator, 0…100: buying pressure (close above the true low) as a share of the true range over three spans, weighted
 * 4 : 2 : 1; a span without any range counts as a half. L. Williams, Stocks & Commodities 3:4 (1985).
 */
export const ultimateOscillator = (short = 7, medium = 14, long = 28): Feature<number> => {
  const name = 'ultimate-oscillator';
  ascending(name, { short: barCount(name, 'short', short), medium: barCount(name, 'medium', medium), long: barCount(name, 'long', long) });
  return column(featureKey(name, short, medium, long), long + 1, () => {
    const last = delay(1);
    const pressures = [rollingSum(short), rollingSum(medium), rollingSum(long)] as const;
    const ranges = [rollingSum(short), rollingSum(medium), rollingSum(long)] as const;
    const share = (pressure: number, range: number): number => (range === 0 ? 0.5 : pressure / range);
    return (bar, out, offset) => {
      if (!hasRange(bar)) {
        out[offset] = NaN;
        return;
      }
      const { high, low, close } = bar;
      const before = last(close);
      const bottom = Math.min(low, before);
      const pressure = close - bottom;
      const range = Math.max(high, before) - bottom;
      const a = share(pressures[0](pressure), ranges[0](range));
      const b = share(pressures[1](pressure), ranges[1](range));
      const c = share(pressures[2](pressure), ranges[2](range));
      out[offset] = (100 * (4 * a + 2 * b + c)) / 7;
    };
  });
};
