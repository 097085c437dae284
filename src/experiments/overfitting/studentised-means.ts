import type { ResampledMeans } from './resampled-means.js';

/** Means in units of their own standard error. */
export interface StudentisedMeans {
  /** √rows × mean ÷ ω of each column; ∓Infinity for a constant loss or gain, 0 for a strategy that did nothing. */
  readonly statistics: Float64Array;
  /** √rows ÷ ω: what turns a deviation of a mean into the same units; 0 for a column that does not vary. */
  readonly scales: Float64Array;
}

/**
 * So that a calm strategy and a wild one can be compared: without it the wildest decides the test alone. ω is the standard error under the
 * resampling itself and the same in all resamples. Source: Hansen (2005).
 */
export const studentise = ({ rows, means, variances }: ResampledMeans): StudentisedMeans => {
  const scales = variances.map(variance => (variance > 0 ? Math.sqrt(rows / variance) : 0));
  const statistics = means.map((mean, k) => (scales[k]! > 0 ? mean * scales[k]! : mean === 0 ? 0 : mean * Infinity));
  return { statistics, scales };
};
