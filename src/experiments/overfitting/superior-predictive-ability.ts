import { resampledMeans } from './resampled-means.js';
import type { ResampleOptions } from './resampled-means.js';
import { studentise } from './studentised-means.js';

/** Whether the best of many strategies, each in units of its own error, is better than its benchmark or only the luckiest. */
export interface SuperiorPredictiveAbility {
  /** The p-value to go by: strategies that are clearly poor do not count as rivals. (1 + exceedances) ÷ (1 + resamples), so never 0. */
  readonly consistent: number;
  /** As if every strategy with a loss were as poor as it looks: too small rather than too large. */
  readonly lower: number;
  /** As if every strategy were exactly as good as the benchmark: too large when many are poor. */
  readonly upper: number;
  /** Which strategy has the highest studentised mean, the first of equals. */
  readonly best: number;
  /** That mean, at least 0: nothing to explain where nobody beats the benchmark, and all p-values are 1. */
  readonly statistic: number;
  readonly meanBlock: number;
}

/**
 * Hansen's test of superior predictive ability. `outperformance` holds one column per strategy that was tried, ALL of them: its return of each
 * period less the benchmark's, on the same dates. lower ≤ consistent ≤ upper always, as all three are counted over the same resamples.
 * Throws a usage error as `resampledMeans` does.
 * Source: Hansen, A Test for Superior Predictive Ability, Journal of Business & Economic Statistics 23 (2005); poor means a studentised mean below
 * −√(2 ln ln rows).
 */
export const superiorPredictiveAbility = (outperformance: readonly Float64Array[], options: ResampleOptions): SuperiorPredictiveAbility => {
  const resampling = resampledMeans(outperformance, options);
  const { statistics, scales } = studentise(resampling);
  const highest = statistics.reduce((most, value) => (value > most ? value : most), -Infinity);
  const statistic = Math.max(0, highest);
  const poor = -Math.sqrt(2 * Math.log(Math.log(resampling.rows)));
  const lowerShift = statistics.map(value => Math.min(value, 0));
  const consistentShift = statistics.map(value => (value < poor ? value : 0));
  const counts = { consistent: 0, lower: 0, upper: 0 };
  resampling.each(deviations => {
    let [upper, consistent, lower] = [0, 0, 0];
    for (let k = 0; k < deviations.length; k++) {
      const value = deviations[k]! * scales[k]!;
      if (value > upper) upper = value;
      if (value + consistentShift[k]! > consistent) consistent = value + consistentShift[k]!;
      if (value + lowerShift[k]! > lower) lower = value + lowerShift[k]!;
    }
    if (upper >= statistic) counts.upper++;
    if (consistent >= statistic) counts.consistent++;
    if (lower >= statistic) counts.lower++;
  });
  const share = (count: number): number => (1 + count) / (1 + options.samples);
  return {
    consistent: share(counts.consistent),
    lower: share(counts.lower),
    upper: share(counts.upper),
    best: statistics.indexOf(highest),
    statistic,
    meanBlock: resampling.meanBlock,
  };
};
