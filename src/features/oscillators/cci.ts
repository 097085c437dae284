import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Commodity channel index: distance of the typical price (another `source` if said) from its mean of `length` bars, over 0.015 times the
 * mean absolute deviation; 0 when nothing moved. The deviation is around a mean that moves, so a bar costs O(length). D. Lambert (1980).
 */
export const cci = (length = 20, options: SourceOption = {}): Feature<number> => {
  const n = barCount('cci', 'length', length, 2);
  const source = sourceOf(options, 'hlc3');
  return column(featureKey('cci', n, sourceKey(source, 'hlc3')), n, () => {
    const ring = new Float64Array(n);
    const sum = rollingSum(n);
    let at = 0;
    return (bar, out, offset) => {
      const x = read(bar, source);
      const mean = sum(x) / n;
      if (Number.isFinite(x)) {
        ring[at] = x;
        at = at + 1 === n ? 0 : at + 1;
      }
      if (!Number.isFinite(mean)) {
        out[offset] = NaN;
        return;
      }
      let deviation = 0;
      for (let i = 0; i < n; i++) deviation += Math.abs(ring[i]! - mean);
      // A mean that is off by a rounding must not turn a flat window into ±67.
      out[offset] = deviation <= 1e-12 * n * Math.abs(mean) ? 0 : ((x - mean) * n) / (0.015 * deviation);
    };
  });
};
