import { MISSING_BIN } from './feature-bins.js';

/** Doubles of one feature's histogram in a forest: 256 bins of the weights of three classes and the rows. */
export const CLASS_HISTOGRAM = 1024;

/** Places in the array of a node's best split. */
export const GINI_GAIN = 0;
export const GINI_FEATURE = 1;
export const GINI_BIN = 2;
export const GINI_MISSING_LEFT = 3;
export const GINI_DOUBLES = 4;

/** Weights of one feature's bins by class over `rows[from … to)`, each row as often as it was drawn. */
export const sumClasses = (
  sums: Float64Array,
  words: Int32Array,
  shift: number,
  rows: Int32Array,
  from: number,
  to: number,
  label: Uint8Array,
  weight: Float64Array,
  drawn: Int32Array,
): void => {
  sums.fill(0);
  for (let k = from; k < to; k++) {
    const row = rows[k]!;
    const at = ((words[row]! >>> shift) & 255) << 2;
    const times = drawn[row]!;
    sums[at + label[row]!]! += weight[row]! * times;
    sums[at + 3]! += times;
  }
};

/** Sum of squared class weights over their sum: the weight times one minus the Gini impurity. */
const purity = (a: number, b: number, c: number): number => (a * a + b * b + c * c) / (a + b + c);

/**
 * Looks through the bins of one feature for a cut that lowers the Gini impurity more than `best` does, and writes it there (Breiman et al., Classification and
 * Regression Trees, 1984). `node` holds the node's class weights and rows, `seen` is room for four numbers. Equal gains: the cut found first, lower bins and missing values to the left before
 * others. Where the node has no missing value of the feature, they go to the side with more rows.
 */
export const searchGini = (
  sums: Float64Array,
  lastBin: number,
  feature: number,
  node: Float64Array,
  seen: Float64Array,
  minLeaf: number,
  best: Float64Array,
): void => {
  const [n0, n1, n2, count] = [node[0]!, node[1]!, node[2]!, node[3]!];
  const whole = purity(n0, n1, n2);
  const m = 4 * MISSING_BIN;
  const hasMissing = sums[m + 3]! > 0;
  const end = hasMissing ? lastBin : lastBin - 1;
  seen.fill(0);
  for (let bin = 0; bin <= end; bin++) {
    const at = 4 * bin;
    if (sums[at + 3] === 0) continue;
    for (let k = 0; k < 4; k++) seen[k]! += sums[at + k]!;
    for (let side = hasMissing ? 1 : 0; side >= 0; side--) {
      const rows = seen[3]! + side * sums[m + 3]!;
      if (rows < minLeaf || count - rows < minLeaf) continue;
      const a = seen[0]! + side * sums[m]!;
      const b = seen[1]! + side * sums[m + 1]!;
      const c = seen[2]! + side * sums[m + 2]!;
      const gain = purity(a, b, c) + purity(n0 - a, n1 - b, n2 - c) - whole;
      if (gain > best[GINI_GAIN]!) {
        best[GINI_GAIN] = gain;
        best[GINI_FEATURE] = feature;
        best[GINI_BIN] = bin;
        best[GINI_MISSING_LEFT] = side === 1 || (!hasMissing && 2 * rows >= count) ? 1 : 0;
      }
    }
  }
};
