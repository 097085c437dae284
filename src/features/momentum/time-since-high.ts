import type { Bar } from '../../events/market.js';
import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { hasRange } from '../source.js';
import { barsSinceMaximum } from '../windows/bars-since-maximum.js';

const sinceExtreme = (name: string, length: number, value: (bar: Bar) => number): Feature<number> => {
  const n = barCount(name, 'length', length, 2);
  return column(featureKey(name, n), n, () => {
    const since = barsSinceMaximum(n);
    return (bar, out, offset) => {
      out[offset] = hasRange(bar) ? since(value(bar)) / (n - 1) : NaN;
    };
  });
};

/** Bars since the highest high of the last `length` as a share of them: 0 a new high, 1 the oldest bar is still the highest. Of equal highs the latest counts. */
export const timeSinceHigh = (length = 100): Feature<number> => sinceExtreme('time-since-high', length, bar => bar.high);

/** Bars since the lowest low of the last `length` as a share of them: 0 a new low, 1 the oldest bar is still the lowest. Of equal lows the latest counts. */
export const timeSinceLow = (length = 100): Feature<number> => sinceExtreme('time-since-low', length, bar => -bar.low);
