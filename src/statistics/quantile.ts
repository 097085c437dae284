import type { Vector } from '../numeric/vector.js';

/** `quantile` of values that are ascending already: no copy, no sort. */
export const quantileOfSorted = (sorted: Vector, p: number): number => {
  if (sorted.length === 0 || !(p >= 0 && p <= 1)) return NaN;
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const weight = position - below;
  return weight === 0 ? low : low + (sorted[below + 1]! - low) * weight;
};

/**
 * The value below which a fraction `p` of the values lies, linear between neighbours: type 7 of Hyndman & Fan, Sample Quantiles in
 * Statistical Packages (1996), the default of NumPy, pandas and R. NaN for no values or a `p` outside [0, 1].
 */
export const quantile = (values: Vector, p: number): number => quantileOfSorted(Float64Array.from(values).sort(), p);
