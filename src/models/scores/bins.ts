import { usageError } from '../../errors.js';

/** How forecasts are grouped. `equal-width`: by value, [0, 1] cut evenly. `equal-count`: by rank, so that every group says as much. */
export interface Binning {
  readonly kind: 'equal-width' | 'equal-count';
  /** Groups at most; 10 is usual. */
  readonly bins: number;
}

/** Ten groups of equal count: no group is too thin to judge. */
export const TEN_EQUAL_COUNT: Binning = { kind: 'equal-count', bins: 10 };

/**
 * Group of each value, from 0, −1 for NaN. Equal widths hold their lower edge, and 1 belongs to the last. Equal counts cut at ranks, and equal values stay together in
 * the group of the first of them, so that groups differ in size when values repeat, and may be empty. Throws a usage error for less than one group.
 */
export const binsOf = (values: Float64Array, { kind, bins }: Binning): Int32Array => {
  if (!(Number.isInteger(bins) && bins >= 1))
    throw usageError('bad-bins', `${bins} is not a number of bins.`, 'Use a whole number such as 10.');
  if (kind === 'equal-width')
    return Int32Array.from(values, v => (Number.isNaN(v) ? -1 : Math.max(0, Math.min(bins - 1, Math.floor(v * bins)))));
  const sorted = values.filter(v => !Number.isNaN(v)).sort();
  // Group g begins with the first value above the last one of rank below g shares.
  const edges = Float64Array.from({ length: bins - 1 }, (_, g) => sorted[Math.ceil(((g + 1) * sorted.length) / bins) - 1] ?? NaN);
  return Int32Array.from(values, v => {
    if (Number.isNaN(v)) return -1;
    let group = 0;
    while (group < edges.length && edges[group]! < v) group++;
    return group;
  });
};
