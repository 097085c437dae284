import { record, type Feature } from '../feature.js';
import { barCount, featureKey, positive } from '../parameters.js';
import { hasRange } from '../source.js';
import { trueRangeFold } from '../volatility/true-range.js';
import { wilderFold } from '../windows/exponential-average.js';

/** The trailing stop line in price, and +1 while the trend is up (line below the price) or −1 while it is down. */
export type Supertrend = Feature<{ readonly value: number; readonly direction: number }>;

/**
 * SuperTrend: bands at the median price ± multiplier · ATR(length) that only tighten while the close stays inside them; a close through
 * the line flips it. Begins as a downtrend, as TradingView's does. O. Seban.
 */
export const supertrend = (length = 10, multiplier = 3): Supertrend => {
  const n = barCount('supertrend', 'length', length);
  const k = positive('supertrend', 'multiplier', multiplier);
  return record(featureKey('supertrend', n, k), n, ['value', 'direction'], () => {
    const range = trueRangeFold();
    const average = wilderFold(n);
    /** Upper band, lower band, previous close. */
    const state = new Float64Array(3);
    let direction = 0;
    return (bar, out, offset) => {
      out[offset] = NaN;
      out[offset + 1] = NaN;
      if (!hasRange(bar)) return;
      const atr = average(range(bar));
      if (!Number.isFinite(atr)) return;
      const { close } = bar;
      const median = (bar.high + bar.low) / 2;
      let upper = median + k * atr;
      let lower = median - k * atr;
      if (direction === 0) direction = -1;
      else {
        if (upper > state[0]! && state[2]! <= state[0]!) upper = state[0]!;
        if (lower < state[1]! && state[2]! >= state[1]!) lower = state[1]!;
        if (direction < 0 ? close > upper : close < lower) direction = -direction;
      }
      state[0] = upper;
      state[1] = lower;
      state[2] = close;
      out[offset] = direction > 0 ? lower : upper;
      out[offset + 1] = direction;
    };
  });
};
