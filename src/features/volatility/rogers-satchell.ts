import type { Bar } from '../../events/market.js';
import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { annualisationKey, annualised, periodsPerYearOf, type AnnualisationOptions } from './annualisation.js';

/** Variance of one bar: ln(H/C)·ln(H/O) + ln(L/C)·ln(L/O). */
export const rogersSatchellVariance = ({ open, high, low, close }: Bar): number =>
  Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open);

/**
 * Rogers–Satchell volatility of the last `length` bars, annualised, as a fraction. Unmoved by drift; assumes no jumps between
 * bars. L. Rogers & S. Satchell, Annals of Applied Probability 1 (1991).
 */
export const rogersSatchell = (length = 20, options: AnnualisationOptions = {}): Feature<number> => {
  const n = barCount('rogers-satchell', 'length', length);
  const perYear = periodsPerYearOf('rogers-satchell', options);
  return column(featureKey('rogers-satchell', n, annualisationKey(perYear)), n, () => {
    const sum = rollingSum(n);
    return (bar, out, offset) => {
      out[offset] = annualised(sum(rogersSatchellVariance(bar)) / n, bar, perYear);
    };
  });
};
