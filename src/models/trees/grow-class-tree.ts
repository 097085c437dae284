import { power } from '../../numeric/pow.js';
import type { Random } from '../../random.js';
import { OUTCOMES } from '../forecast.js';
import type { BinnedRows } from './binned-rows.js';
import {
  CLASS_HISTOGRAM,
  GINI_BIN,
  GINI_DOUBLES,
  GINI_FEATURE,
  GINI_GAIN,
  GINI_MISSING_LEFT,
  searchGini,
  sumClasses,
} from './gini-split.js';
import { partitionRows } from './partition-rows.js';
import { sampleWithout } from './row-sample.js';
import { thresholdOf, type Tree } from './tree.js';

/** How far a tree of a forest grows. */
export interface ClassTreeLimits {
  readonly depth: number;
  readonly minLeaf: number;
  /** Features drawn anew at every node. */
  readonly features: number;
  /** Rows of each class added to every leaf. */
  readonly smoothing: number;
}

/** A fall of the impurity below this share of the node's weight is rounding. */
const ROUNDING = 1e-10;

/**
 * Grows one tree of a random forest on the rows drawn (Breiman, Machine Learning 45, 2001): at each node the best cut of a few features drawn for it, until leaves are
 * pure, small or deep. A leaf's values are its class shares after `smoothing` rows of each class were added (Laplace). Only the features drawn are summed, which for a
 * root's worth of them is cheaper than to sum all and subtract. A node none of whose drawn features can be cut is a leaf.
 */
export const growClassTree = (
  binned: BinnedRows,
  label: Uint8Array,
  weight: Float64Array,
  drawn: Int32Array,
  { depth, minLeaf, features, smoothing }: ClassTreeLimits,
  draw: Random,
): Tree => {
  const { width, bins, words } = binned;
  const rows = Int32Array.from(drawn.keys()).filter(row => drawn[row]! > 0);
  const size = 2 * Math.min(power(2, depth), Math.max(1, rows.length)) - 1;
  const feature = new Int32Array(size).fill(-1);
  const threshold = new Float64Array(size);
  const left = new Int32Array(size);
  const missingLeft = new Uint8Array(size);
  const value = new Float64Array(size * OUTCOMES);
  const cover = new Float64Array(size);
  const gain = new Float64Array(size);
  const spare = new Int32Array(rows.length);
  const sums = new Float64Array(CLASS_HISTOGRAM);
  const here = new Float64Array(4);
  const seen = new Float64Array(4);
  const best = new Float64Array(GINI_DOUBLES);
  let nodes = 1;

  const grow = (node: number, level: number, from: number, to: number): void => {
    here.fill(0);
    for (let k = from; k < to; k++) {
      const row = rows[k]!;
      here[label[row]!]! += weight[row]! * drawn[row]!;
      here[3]! += drawn[row]!;
    }
    const total = here[0]! + here[1]! + here[2]!;
    cover[node] = here[3]!;
    best.fill(0);
    best[GINI_GAIN] = ROUNDING * total;
    best[GINI_FEATURE] = -1;
    if (level < depth && here[3]! >= 2 * minLeaf)
      for (const f of features < width ? sampleWithout(width, features, draw) : bins.keys()) {
        sumClasses(sums, words[f >> 2]!, (f & 3) << 3, rows, from, to, label, weight, drawn);
        searchGini(sums, bins[f]!.length, f, here, seen, minLeaf, best);
      }
    const f = best[GINI_FEATURE]!;
    if (f < 0) {
      for (let c = 0; c < OUTCOMES; c++) value[node * OUTCOMES + c] = (here[c]! + smoothing) / (total + OUTCOMES * smoothing);
      return;
    }
    const l = nodes;
    nodes += 2;
    feature[node] = f;
    threshold[node] = thresholdOf(bins[f]!, best[GINI_BIN]!);
    left[node] = l;
    missingLeft[node] = best[GINI_MISSING_LEFT]!;
    gain[node] = best[GINI_GAIN]!;
    const middle = partitionRows(binned, f, best[GINI_BIN]!, best[GINI_MISSING_LEFT]!, rows, from, to, spare);
    grow(l, level + 1, from, middle);
    grow(l + 1, level + 1, middle, to);
  };
  grow(0, 0, 0, rows.length);
  return {
    feature: feature.slice(0, nodes),
    threshold: threshold.slice(0, nodes),
    left: left.slice(0, nodes),
    missingLeft: missingLeft.slice(0, nodes),
    value: value.slice(0, nodes * OUTCOMES),
    cover: cover.slice(0, nodes),
    gain: gain.slice(0, nodes),
  };
};
