import { record, type Feature } from '../feature.js';

/** Shares of the bar's range, 0…1, above the body and below it. */
export type WickShares = Feature<{ readonly upper: number; readonly lower: number }>;

/** Upper and lower wick as shares of the bar's range; what is left is the body, which `balanceOfPower` has with its sign. 0 without any range. */
export const wickShares = (): WickShares =>
  record('wick-shares()', 1, ['upper', 'lower'], () => (bar, out, offset) => {
    const { open, high, low, close } = bar;
    const range = high - low;
    const ready = Number.isFinite(range + open + close);
    out[offset] = !ready ? NaN : range === 0 ? 0 : (high - (open > close ? open : close)) / range;
    out[offset + 1] = !ready ? NaN : range === 0 ? 0 : ((open < close ? open : close) - low) / range;
  });
