import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { annualisationKey, annualised, periodsPerYearOf, type AnnualisationOptions } from './annualisation.js';

const CLOSE_WEIGHT = 2 * Math.LN2 - 1;

/**
 * Garman–Klass volatility of the last `length` bars: mean of ½ ln²(H/L) − (2 ln 2 − 1) ln²(C/O), rooted, annualised, as a fraction.
 * Assumes no drift and no jumps between bars. M. Garman & M. Klass, Journal of Business 53 (1980).
 */
export const garmanKlass = (length = 20, options: AnnualisationOptions = {}): Feature<number> => {
  const n = barCount('garman-klass', 'length', length);
  const perYear = periodsPerYearOf('garman-klass', options);
  return column(featureKey('garman-klass', n, annualisationKey(perYear)), n, () => {
    const sum = rollingSum(n);
    return (bar, out, offset) => {
      const range = Math.log(bar.high / bar.low);
      const body = Math.log(bar.close / bar.open);
      out[offset] = annualised(sum(0.5 * range * range - CLOSE_WEIGHT * body * body) / n, bar, perYear);
    };
  });
};
