import { column, type Feature } from '../feature.js';
import { featureKey, unlessDefault } from '../parameters.js';
import { cumulativeSum } from '../windows/cumulative-sum.js';
import { delay } from '../windows/delay.js';

/** What the first bar, which has no previous close, counts: nothing (TradingView, Tulip; the default) or its whole volume (TA-Lib, LEAN). */
export interface ObvOptions {
  readonly firstBar?: 'zero' | 'volume';
}

/** On-balance volume in base units since the first bar: volume is added when the close rose and subtracted when it fell. J. Granville (1963). */
export const obv = (options: ObvOptions = {}): Feature<number> => {
  const firstBar = options.firstBar ?? 'zero';
  return column(featureKey('obv', unlessDefault('firstBar', firstBar, 'zero')), 1, () => {
    const last = delay(1);
    const total = cumulativeSum();
    return (bar, out, offset) => {
      const { close, volume } = bar;
      if (!Number.isFinite(close + volume)) {
        out[offset] = NaN;
        return;
      }
      const before = last(close);
      const counts = close > before || (firstBar === 'volume' && !Number.isFinite(before));
      out[offset] = total(counts ? volume : close < before ? -volume : 0);
    };
  });
};
