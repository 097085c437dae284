import { column, type Feature } from '../feature.js';
import { barCount, featureKey, fraction, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { delay } from '../windows/delay.js';
import { exponentialAverage } from '../windows/exponential-average.js';
import { annualisationKey, annualised, periodsPerYearOf, type AnnualisationOptions } from './annualisation.js';

/** `seedLength`: how many squared returns are averaged to begin with; the memory 1 ÷ (1 − lambda), rounded up, unless said. */
export interface EwmaVolatilityOptions extends SourceOption, AnnualisationOptions {
  readonly seedLength?: number;
}

/**
 * Exponentially weighted volatility of log returns around zero, σ² ← λσ² + (1 − λ)r², annualised, as a fraction. RiskMetrics (1996) uses
 * λ = 0.94 for daily bars.
 */
export const ewmaVolatility = (lambda = 0.94, options: EwmaVolatilityOptions = {}): Feature<number> => {
  const name = 'ewma-volatility';
  const decay = fraction(name, 'lambda', lambda);
  const memory = Math.ceil(1 / (1 - decay) - 1e-9);
  const n = barCount(name, 'seedLength', options.seedLength ?? memory);
  const source = sourceOf(options);
  const perYear = periodsPerYearOf(name, options);
  return column(
    featureKey(name, decay, sourceKey(source), unlessDefault('seedLength', n, memory), annualisationKey(perYear)),
    n + 1,
    () => {
      const last = delay(1);
      const average = exponentialAverage(1 - decay, n, 'sma');
      return (bar, out, offset) => {
        const x = read(bar, source);
        const r = Math.log(x / last(x));
        out[offset] = annualised(average(r * r), bar, perYear);
      };
    },
  );
};
