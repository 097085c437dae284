import { resampledMeans } from './resampled-means.js';
import type { ResampleOptions } from './resampled-means.js';

/** Whether the best of many strategies is better than its benchmark or only the luckiest. */
export interface RealityCheck {
  /** Probability that the best of as many worthless strategies looks at least this good; (1 + exceedances) ÷ (1 + resamples), so never 0. */
  readonly pValue: number;
  /** Which strategy has the highest mean, the first of equals. */
  readonly best: number;
  /** √rows × its mean outperformance. */
  readonly statistic: number;
  readonly meanBlock: number;
}

/**
 * White's reality check for data snooping over the best mean. `outperformance` holds one column per strategy that was tried, ALL of them: its
 * return of each period less the benchmark's, on the same dates. Each resampled mean is centred on the strategy's own, as if all were exactly as good
 * as the benchmark; poor and wild strategies therefore make the test blunt, which `superiorPredictiveAbility` mends.
 * Throws a usage error as `resampledMeans` does. Source: White, A Reality Check for Data Snooping, Econometrica 68 (2000), section 2.
 */
export const realityCheck = (outperformance: readonly Float64Array[], options: ResampleOptions): RealityCheck => {
  const { rows, means, meanBlock, each } = resampledMeans(outperformance, options);
  const highest = means.reduce((most, mean) => (mean > most ? mean : most), -Infinity);
  let reached = 0;
  each(deviations => {
    for (let k = 0; k < deviations.length; k++)
      if (deviations[k]! >= highest) {
        reached++;
        return;
      }
  });
  return {
    pValue: (1 + reached) / (1 + options.samples),
    best: means.indexOf(highest),
    statistic: Math.sqrt(rows) * highest,
    meanBlock,
  };
};
