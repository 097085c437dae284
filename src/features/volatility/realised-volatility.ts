import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { delay } from '../windows/delay.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import { annualisationKey, annualised, periodsPerYearOf, type AnnualisationOptions } from './annualisation.js';

/**
 * `returns`: logarithmic unless said. `deviation`: around the mean return, divided by n − 1 (`sample`, unless said) or n (`population`),
 * or around zero (`zero-mean`), which high-frequency work prefers.
 */
export interface RealisedVolatilityOptions extends SourceOption, AnnualisationOptions {
  readonly returns?: 'log' | 'simple';
  readonly deviation?: 'sample' | 'population' | 'zero-mean';
}

/** Standard deviation of the last `length` returns, annualised, as a fraction (0.6 is 60 % a year). */
export const realisedVolatility = (length = 20, options: RealisedVolatilityOptions = {}): Feature<number> => {
  const name = 'realised-volatility';
  const deviation = options.deviation ?? 'sample';
  const returns = options.returns ?? 'log';
  const n = barCount(name, 'length', length, deviation === 'sample' ? 2 : 1);
  const source = sourceOf(options);
  const perYear = periodsPerYearOf(name, options);
  const key = featureKey(
    name,
    n,
    sourceKey(source),
    unlessDefault('returns', returns, 'log'),
    unlessDefault('deviation', deviation, 'sample'),
    annualisationKey(perYear),
  );
  return column(key, n + 1, () => {
    const last = delay(1);
    const moments = new Float64Array(2);
    const push = rollingMoments(n, moments);
    return (bar, out, offset) => {
      const x = read(bar, source);
      const ratio = x / last(x);
      push(returns === 'log' ? Math.log(ratio) : ratio - 1);
      const squares = moments[1]!;
      const mean = moments[0]!;
      const variance = deviation === 'sample' ? squares / (n - 1) : squares / n + (deviation === 'zero-mean' ? mean * mean : 0);
      out[offset] = annualised(variance, bar, perYear);
    };
  });
};
