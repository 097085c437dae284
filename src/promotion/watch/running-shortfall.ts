import type { Vector } from '../../numeric/vector.js';

/** Index of the day on which the horizon that `days` days have come to began: the test begins anew after each. */
export const horizonStart = (days: number, horizon: number): number => (days === 0 ? 0 : Math.floor((days - 1) / horizon) * horizon);

/** Shortfall against the expected mean, added up day by day over the horizon that the last day lies in; in standard deviations of a day. Below 0 where more was earned than expected. */
export const runningShortfall = (
  returns: Vector,
  { mean, sd, horizon }: { readonly mean: number; readonly sd: number; readonly horizon: number },
): Float64Array => {
  const start = horizonStart(returns.length, horizon);
  const out = new Float64Array(returns.length - start);
  let sum = 0;
  for (let i = 0; i < out.length; i++) out[i] = sum += (mean - returns[start + i]!) / sd;
  return out;
};
