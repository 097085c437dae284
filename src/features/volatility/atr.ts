import type { Bar } from '../../events/market.js';
import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { hasRange } from '../source.js';
import { wilderFold } from '../windows/exponential-average.js';
import { trueRangeFold } from './true-range.js';

/**
 * Whether the first bar's high − low counts as a true range: `high-low` (TradingView, Tulip, LEAN), or `skip` it for want of a previous
 * close (Wilder, TA-Lib), which answers one bar later.
 */
export interface AtrOptions {
  readonly firstBar?: 'high-low' | 'skip';
}

/** Wilder's average of the true range over n bars; NaN for an incomplete bar. */
export const averageTrueRange = (n: number, firstBar: 'high-low' | 'skip' = 'high-low'): ((bar: Bar) => number) => {
  const range = trueRangeFold();
  const average = wilderFold(n);
  let skip = firstBar === 'skip';
  return bar => {
    if (!hasRange(bar)) return NaN;
    const x = range(bar);
    if (skip) {
      skip = false;
      return NaN;
    }
    return average(x);
  };
};

/** Average true range in price. J. W. Wilder, New Concepts in Technical Trading Systems (1978). */
export const atr = (length = 14, options: AtrOptions = {}): Feature<number> => {
  const n = barCount('atr', 'length', length);
  const firstBar = options.firstBar ?? 'high-low';
  return column(featureKey('atr', n, unlessDefault('firstBar', firstBar, 'high-low')), firstBar === 'skip' ? n + 1 : n, () => {
    const average = averageTrueRange(n, firstBar);
    return (bar, out, offset) => {
      out[offset] = average(bar);
    };
  });
};
