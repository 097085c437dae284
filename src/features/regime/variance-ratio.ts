import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';
import { logStep } from '../windows/log-step.js';
import { rollingMoments } from '../windows/rolling-moments.js';

/**
 * Variance ratio of the last `length` log returns at `period` bars, overlapping, with the corrections for bias: 1 on a random walk, above in a trending market, below in
 * one that turns back; 1 when nothing moved. A. Lo & A. C. MacKinlay, Stock Market Prices Do Not Follow Random Walks (1988), eqs. 11–12.
 */
export const varianceRatio = (period = 4, length = 96): Feature<number> => {
  const name = 'variance-ratio';
  const q = barCount(name, 'period', period, 2);
  const n = barCount(name, 'length', length, 2 * q);
  const overlapping = n - q + 1;
  const m = q * overlapping * (1 - q / n);
  return column(featureKey(name, q, n), n + 1, () => {
    const step = logStep();
    const single = new Float64Array(2);
    const several = new Float64Array(2);
    const pushSingle = rollingMoments(n, single);
    const pushSeveral = rollingMoments(overlapping, several);
    const past = delay(q);
    return (bar, out, offset) => {
      const y = Math.log(bar.close);
      pushSingle(step(bar.close));
      pushSeveral(y - past(y));
      const gap = several[0]! - q * single[0]!;
      const long = (several[1]! + overlapping * gap * gap) / m;
      const short = single[1]! / (n - 1);
      out[offset] = short === 0 ? 1 : long / short;
    };
  });
};
