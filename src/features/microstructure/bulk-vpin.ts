import { normalCdf } from '../../statistics/normal.js';
import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * VPIN of the last `length` bars with each bar as a bucket, weighted by volume, 0…1: the volume of a bar is split into bought and sold by the normal probability of its price change in standard
 * deviations of the last `length` changes (bulk classification). 0 when nothing traded or prices did not vary. D. Easley, M. López de Prado & M. O'Hara (2012).
 */
export const bulkVpin = (length = 48): Feature<number> => {
  const n = barCount('bulk-vpin', 'length', length, 2);
  return column(featureKey('bulk-vpin', n), 2 * n, () => {
    const last = delay(1);
    const moments = new Float64Array(2).fill(NaN);
    const push = rollingMoments(n, moments);
    const imbalance = rollingSum(n);
    const all = rollingSum(n);
    return ({ close, volume }, out, offset) => {
      out[offset] = NaN;
      if (!Number.isFinite(close + volume)) return;
      const before = last(close);
      if (!Number.isFinite(before)) return;
      push(close - before);
      const deviation = Math.sqrt(moments[1]! / (n - 1));
      if (!Number.isFinite(deviation)) return;
      const oneSided = deviation > 0 ? Math.abs(2 * normalCdf((close - before) / deviation) - 1) : 0;
      const net = imbalance(oneSided * volume);
      const traded = all(volume);
      out[offset] = traded === 0 ? 0 : net / traded;
    };
  });
};
