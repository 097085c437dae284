import type { BinnedRows } from './binned-rows.js';

/** Doubles of one group of four features: 256 bins of (gradient, hessian with count) each. A group of constant size stays in the first cache. */
export const GROUP_DOUBLES = 2048;

/** Sums of derivatives by feature and bin, one array for every four features: bin b of feature f is at `512 (f mod 4) + 2 b` of array f ÷ 4. */
export type Histogram = readonly Float64Array[];

export const createHistogram = (width: number): Histogram =>
  Array.from({ length: Math.ceil(width / 4) }, () => new Float64Array(GROUP_DOUBLES));

/** One group's sums over `count` rows; `pairs` are the rows' derivatives in the same order, so that only the look-up of the word jumps about. */
const sumGroup = (sums: Float64Array, words: Int32Array, rows: Int32Array, from: number, count: number, pairs: Float64Array): void => {
  sums.fill(0);
  for (let k = 0, e = 0; k < count; k++, e += 2) {
    const word = words[rows[from + k]!]!;
    const gradient = pairs[e]!;
    const hessian = pairs[e + 1]!;
    const a = (word & 255) << 1;
    sums[a]! += gradient;
    sums[a + 1]! += hessian;
    const b = 512 + ((word >>> 7) & 510);
    sums[b]! += gradient;
    sums[b + 1]! += hessian;
    const c = 1024 + ((word >>> 15) & 510);
    sums[c]! += gradient;
    sums[c + 1]! += hessian;
    const d = 1536 + ((word >>> 23) & 510);
    sums[d]! += gradient;
    sums[d + 1]! += hessian;
  }
};

/** Histogram of rows `rows[from … from + count)` in the groups wanted. */
export const sumHistogram = (
  histogram: Histogram,
  { words }: BinnedRows,
  groups: Int32Array,
  rows: Int32Array,
  from: number,
  count: number,
  pairs: Float64Array,
): void => {
  for (let q = 0; q < groups.length; q++) {
    const group = groups[q]!;
    sumGroup(histogram[group]!, words[group]!, rows, from, count, pairs);
  }
};

const subtractGroup = (sums: Float64Array, part: Float64Array): void => {
  for (let k = 0; k < GROUP_DOUBLES; k++) sums[k]! -= part[k]!;
};

/** Takes one child's histogram away from its parent's: what is left is the other child's. */
export const subtractHistogram = (histogram: Histogram, part: Histogram, groups: Int32Array): void => {
  for (let q = 0; q < groups.length; q++) subtractGroup(histogram[groups[q]!]!, part[groups[q]!]!);
};
