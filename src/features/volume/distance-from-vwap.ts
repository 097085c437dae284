import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read } from '../source.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** ln(close ÷ volume-weighted average of the typical price of the last `length` bars): above 0 the average buyer of these bars is ahead. 0 when none traded. */
export const distanceFromVwap = (length = 24): Feature<number> => {
  const n = barCount('distance-from-vwap', 'length', length);
  return column(featureKey('distance-from-vwap', n), n, () => {
    const values = rollingSum(n);
    const volumes = rollingSum(n);
    return (bar, out, offset) => {
      const value = read(bar, 'hlc3') * bar.volume;
      out[offset] = NaN;
      if (!Number.isFinite(value)) return;
      const paid = values(value);
      const traded = volumes(bar.volume);
      out[offset] = traded === 0 ? 0 : Math.log((bar.close * traded) / paid);
    };
  });
};
