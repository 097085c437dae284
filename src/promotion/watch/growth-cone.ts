import { quantileOfSorted } from '../../statistics/quantile.js';

/** Quantiles of growth after each day of sessions whose returns are `mean` plus `deviations` (path after path of `horizon` days). A path that lost everything stays at 0. */
export const growthCone = (mean: number, deviations: Float64Array, horizon: number, levels: readonly number[]): number[][] => {
  const paths = deviations.length / horizon;
  const growth = new Float64Array(paths).fill(1);
  return Array.from({ length: horizon }, (_, t) => {
    for (let p = 0; p < paths; p++) growth[p]! *= Math.max(0, 1 + mean + deviations[p * horizon + t]!);
    const sorted = Float64Array.from(growth).sort();
    return levels.map(level => quantileOfSorted(sorted, level));
  });
};
