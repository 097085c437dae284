import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';
import { rollingLine } from '../windows/rolling-line.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Least-squares slope of on-balance volume over the last `length` bars ÷ their mean volume: how much of the volume a bar is pressed one way, within about ±1.5. 0 when none
 * traded. On-balance volume by J. Granville (1963).
 */
export const obvSlope = (length = 24): Feature<number> => {
  const n = barCount('obv-slope', 'length', length, 2);
  return column(featureKey('obv-slope', n), n, () => {
    const last = delay(1);
    const total = new Float64Array(1);
    const line = new Float64Array(2);
    const fit = rollingLine(n, line);
    const volumes = rollingSum(n);
    return (bar, out, offset) => {
      const { close, volume } = bar;
      out[offset] = NaN;
      if (!Number.isFinite(close + volume)) return;
      const before = last(close);
      total[0]! += close > before ? volume : close < before ? -volume : 0;
      fit(total[0]!);
      const traded = volumes(volume);
      out[offset] = traded === 0 ? 0 : (line[1]! * n) / traded;
    };
  });
};
