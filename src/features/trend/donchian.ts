import { record, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingMaximum, rollingMinimum } from '../windows/rolling-extreme.js';

/** Highest high, lowest low and their mean, in price. */
export type Donchian = Feature<{ readonly upper: number; readonly lower: number; readonly middle: number }>;

/** Which bars a channel spans: the last `length` including this one, or with `previous` the `length` before this one. */
export interface DonchianOptions {
  readonly previous?: boolean;
}

/**
 * Donchian channel. With this bar in it no close can be above `upper`; a breakout rule wants `{ previous: true }`, the channel as
 * it stood when the bar opened.
 */
export const donchian = (length = 20, options: DonchianOptions = {}): Donchian => {
  const n = barCount('donchian', 'length', length);
  const previous = options.previous ?? false;
  return record(featureKey('donchian', n, previous ? 'previous' : undefined), previous ? n + 1 : n, ['upper', 'lower', 'middle'], () => {
    const highest = rollingMaximum(n);
    const lowest = rollingMinimum(n);
    // The channel's edges of one bar ago; NaN while there was none.
    const last = new Float64Array([NaN, NaN]);
    return (bar, out, offset) => {
      const there = Number.isFinite(bar.high + bar.low);
      let upper = there ? highest(bar.high) : NaN;
      let lower = there ? lowest(bar.low) : NaN;
      if (previous && there) {
        const nextUpper = upper;
        const nextLower = lower;
        upper = last[0]!;
        lower = last[1]!;
        last[0] = nextUpper;
        last[1] = nextLower;
      }
      out[offset] = upper;
      out[offset + 1] = lower;
      out[offset + 2] = (upper + lower) / 2;
    };
  });
};
