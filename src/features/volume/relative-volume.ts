import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** (volume − mean) ÷ (volume + mean) against the mean of the last `length` bars (itself included): −1 no trade, 0 as usual, ⅓ twice the usual. 0 when none traded. */
export const relativeVolume = (length = 24): Feature<number> => {
  const n = barCount('relative-volume', 'length', length);
  return column(featureKey('relative-volume', n), n, () => {
    const sum = rollingSum(n);
    return (bar, out, offset) => {
      const { volume } = bar;
      const mean = sum(volume) / n;
      const both = volume + mean;
      out[offset] = both === 0 ? 0 : (volume - mean) / both;
    };
  });
};
