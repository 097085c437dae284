import { edgesBelow, MISSING_BIN, type FeatureBins } from './feature-bins.js';

/** Rows as bins. Four features share a word, so that one look-up of a row serves four histograms. */
export interface BinnedRows {
  readonly count: number;
  readonly width: number;
  readonly bins: FeatureBins;
  /** One column of `count` words for every four features; feature f is byte f mod 4 of column f ÷ 4. */
  readonly words: readonly Int32Array[];
}

/** Every row of `x` (row-major) in bins. NaN is missing; an infinite value is beyond all others. */
export const binRows = (x: Float64Array, count: number, bins: FeatureBins): BinnedRows => {
  const width = bins.length;
  const words = Array.from({ length: Math.ceil(width / 4) }, () => new Int32Array(count));
  for (let f = 0; f < width; f++) {
    const column = words[f >> 2]!;
    const shift = (f & 3) << 3;
    const edges = bins[f]!;
    for (let i = 0, at = f; i < count; i++, at += width) {
      const value = x[at]!;
      const bin = Number.isNaN(value) ? MISSING_BIN : edgesBelow(edges, value);
      column[i]! |= bin << shift;
    }
  }
  return { count, width, bins, words };
};

/** Bin of one feature in one row. */
export const binAt = ({ words }: BinnedRows, row: number, feature: number): number =>
  (words[feature >> 2]![row]! >>> ((feature & 3) << 3)) & 255;
