import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { annualisationKey, annualised, periodsPerYearOf, type AnnualisationOptions } from './annualisation.js';
import { rogersSatchellVariance } from './rogers-satchell.js';

/**
 * Yang–Zhang volatility of the last `length` bars, annualised, as a fraction: sample variance of the gaps (previous close to open)
 * + k · that of open to close + (1 − k) · Rogers–Satchell, k = 0.34 ÷ (1.34 + (n + 1) ÷ (n − 1)). Unmoved by drift and by jumps
 * between bars. D. Yang & Q. Zhang, Journal of Business 73 (2000).
 */
export const yangZhang = (length = 20, options: AnnualisationOptions = {}): Feature<number> => {
  const n = barCount('yang-zhang', 'length', length, 2);
  const perYear = periodsPerYearOf('yang-zhang', options);
  const k = 0.34 / (1.34 + (n + 1) / (n - 1));
  return column(featureKey('yang-zhang', n, annualisationKey(perYear)), n + 1, () => {
    const previous = new Float64Array([NaN]);
    const gaps = new Float64Array(2);
    const bodies = new Float64Array(2);
    const pushGap = rollingMoments(n, gaps);
    const pushBody = rollingMoments(n, bodies);
    const inside = rollingSum(n);
    return (bar, out, offset) => {
      const { open, high, low, close } = bar;
      out[offset] = NaN;
      // Logarithms of all four exist only when all are above zero.
      if (!(open > 0 && high > 0 && low > 0 && close > 0 && open + high + low + close < Infinity)) return;
      const last = previous[0]!;
      previous[0] = close;
      if (!Number.isFinite(last)) return;
      pushGap(Math.log(open / last));
      pushBody(Math.log(close / open));
      const rs = inside(rogersSatchellVariance(bar)) / n;
      out[offset] = annualised((gaps[1]! + k * bodies[1]!) / (n - 1) + (1 - k) * rs, bar, perYear);
    };
  });
};
