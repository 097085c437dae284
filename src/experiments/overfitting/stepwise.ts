import { resampledMeans } from './resampled-means.js';
import type { ResampleOptions } from './resampled-means.js';
import { studentise } from './studentised-means.js';

/** Which of many strategies beat the benchmark. */
export interface StepwiseTest {
  /**
   * Adjusted p-value of each strategy: those at or below α are better than the benchmark, and the chance that even one of them is not is at most α.
   */
  readonly pValues: Float64Array;
  /** Studentised mean outperformance of each strategy. */
  readonly statistics: Float64Array;
  readonly meanBlock: number;
}

/**
 * Stepwise multiple testing of Romano and Wolf: as strict as a reality check about the best strategy, but once it is accepted the second has fewer
 * rivals, and so on. `outperformance` holds one column per strategy that was tried, ALL of them: its return of each period less the benchmark's,
 * on the same dates. One pass over the resamples gives all p-values: the largest of each strategy and those below it is a running maximum from the
 * poorest up. Throws a usage error as `resampledMeans` does.
 * Source: Romano & Wolf, Stepwise Multiple Testing as Formalized Data Snooping, Econometrica 73 (2005), studentised; p-values by Romano & Wolf,
 * Efficient Computation of Adjusted p-Values for Resampling-Based Stepdown Multiple Testing, Statistics & Probability Letters 113 (2016).
 */
export const stepwiseTest = (outperformance: readonly Float64Array[], options: ResampleOptions): StepwiseTest => {
  const resampling = resampledMeans(outperformance, options);
  const { statistics, scales } = studentise(resampling);
  // Best first; of equals the first. A difference would be NaN for two infinite ones.
  const order = Int32Array.from(statistics.keys()).sort((a, b) =>
    statistics[a]! > statistics[b]! ? -1 : statistics[a]! < statistics[b]! ? 1 : a - b,
  );
  const reached = new Int32Array(order.length);
  resampling.each(deviations => {
    let largest = -Infinity;
    for (let j = order.length - 1; j >= 0; j--) {
      const k = order[j]!;
      const value = deviations[k]! * scales[k]!;
      if (value > largest) largest = value;
      if (largest >= statistics[k]!) reached[j]!++;
    }
  });
  const pValues = new Float64Array(order.length);
  let least = 0;
  order.forEach((k, j) => {
    least = Math.max(least, (1 + reached[j]!) / (1 + options.samples));
    pValues[k] = least;
  });
  return { pValues, statistics, meanBlock: resampling.meanBlock };
};
