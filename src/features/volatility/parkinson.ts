import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { annualisationKey, annualised, periodsPerYearOf, type AnnualisationOptions } from './annualisation.js';

/**
 * Parkinson's volatility from the last `length` ranges, √(Σ ln²(H/L) ÷ (4 n ln 2)), annualised, as a fraction. Assumes no drift and no jumps
 * between bars: low when the market gaps. M. Parkinson, Journal of Business 53 (1980).
 */
export const parkinson = (length = 20, options: AnnualisationOptions = {}): Feature<number> => {
  const n = barCount('parkinson', 'length', length);
  const perYear = periodsPerYearOf('parkinson', options);
  const divisor = 4 * n * Math.LN2;
  return column(featureKey('parkinson', n, annualisationKey(perYear)), n, () => {
    const sum = rollingSum(n);
    return (bar, out, offset) => {
      const range = Math.log(bar.high / bar.low);
      out[offset] = annualised(sum(range * range) / divisor, bar, perYear);
    };
  });
};
