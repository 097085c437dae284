import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { rollingMoments } from '../windows/rolling-moments.js';

/** Whether squared deviations are divided by n (`population`, as in all charting packages; the default) or by n − 1 (`sample`). */
export interface DeviationOptions extends SourceOption {
  readonly deviation?: 'population' | 'sample';
}

const dispersion = (name: string, length: number, options: DeviationOptions, root: boolean): Feature<number> => {
  const deviation = options.deviation ?? 'population';
  const n = barCount(name, 'length', length, deviation === 'sample' ? 2 : 1);
  const source = sourceOf(options);
  const divisor = deviation === 'sample' ? n - 1 : n;
  return column(featureKey(name, n, sourceKey(source), unlessDefault('deviation', deviation, 'population')), n, () => {
    const moments = new Float64Array(2);
    const push = rollingMoments(n, moments);
    return (bar, out, offset) => {
      push(read(bar, source));
      const variance = moments[1]! / divisor;
      out[offset] = root ? Math.sqrt(variance) : variance;
    };
  });
};

/** Standard deviation of the last `length` values, in the unit of the source. For the volatility of returns see `realisedVolatility`. */
export const standardDeviation = (length: number, options: DeviationOptions = {}): Feature<number> =>
  dispersion('standard-deviation', length, options, true);

/** Variance of the last `length` values, in the unit of the source squared. */
export const variance = (length: number, options: DeviationOptions = {}): Feature<number> => dispersion('variance', length, options, false);
