import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** Volume of the bars that rose less that of those that fell, as a share of all volume of the last `length` bars, −1…1; 0 when none traded. */
export const signedVolumeShare = (length = 24): Feature<number> => {
  const n = barCount('signed-volume-share', 'length', length);
  return column(featureKey('signed-volume-share', n), n + 1, () => {
    const last = delay(1);
    const signed = rollingSum(n);
    const all = rollingSum(n);
    return (bar, out, offset) => {
      const { close, volume } = bar;
      out[offset] = NaN;
      if (!Number.isFinite(close + volume)) return;
      const before = last(close);
      if (!Number.isFinite(before)) return;
      const balance = signed(close > before ? volume : close < before ? -volume : 0);
      const traded = all(volume);
      out[offset] = traded === 0 ? 0 : balance / traded;
    };
  });
};
