import { column, record, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { barsSinceMaximum } from '../windows/bars-since-maximum.js';

/** How recent the highest high and the lowest low are: 100 now, 0 `length` bars ago. */
export type Aroon = Feature<{ readonly up: number; readonly down: number }>;

/** Aroon over the last `length` + 1 bars; of equal extremes the latest counts. T. Chande (1995). */
export const aroon = (length = 25): Aroon => {
  const n = barCount('aroon', 'length', length);
  return record(featureKey('aroon', n), n + 1, ['up', 'down'], () => {
    const sinceHigh = barsSinceMaximum(n + 1);
    const sinceLow = barsSinceMaximum(n + 1);
    return (bar, out, offset) => {
      const there = Number.isFinite(bar.high + bar.low);
      out[offset] = there ? (100 * (n - sinceHigh(bar.high))) / n : NaN;
      out[offset + 1] = there ? (100 * (n - sinceLow(-bar.low))) / n : NaN;
    };
  });
};

/** Aroon up minus Aroon down, −100…100. */
export const aroonOscillator = (length = 25): Feature<number> => {
  const n = barCount('aroon-oscillator', 'length', length);
  return column(featureKey('aroon-oscillator', n), n + 1, () => {
    const sinceHigh = barsSinceMaximum(n + 1);
    const sinceLow = barsSinceMaximum(n + 1);
    return (bar, out, offset) => {
      out[offset] = Number.isFinite(bar.high + bar.low) ? (100 * (sinceLow(-bar.low) - sinceHigh(bar.high))) / n : NaN;
    };
  });
};
