import { badData } from '../../errors.js';
import type { Json } from '../forecaster.js';
import { MISSING_BIN, edgesBelow, type FeatureBins } from './feature-bins.js';
import { binAt, type BinnedRows } from './binned-rows.js';

/**
 * A grown tree in flat arrays by node, the root first. A row goes left when its feature is at most the threshold; the right child follows the left one.
 * Children come after their parent.
 */
export interface Tree {
  /** Feature that the node asks for; −1 in a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  /** 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** `outputs` values by node; 0 where it is no leaf. */
  readonly value: Float64Array;
  /** Rows of the training that came through, in a forest each as often as it was drawn. */
  readonly cover: Float64Array;
  /** Fall of the training loss, in a forest of the weight times the Gini impurity, by the split; 0 in a leaf. */
  readonly gain: Float64Array;
}

/** Splits on the longest way down, and so the most nodes; most features. The scorer packs a node into one integer. */
export const DEEPEST_TREE = 12;
export const LARGEST_TREE = 8191;
export const WIDEST_ROW = 1023;

/** Threshold of a cut that only missing values are right of. JSON holds no infinity. */
export const ABOVE_ALL = Number.MAX_VALUE;

/** Upper edge of a bin. */
export const thresholdOf = (edges: Float64Array, bin: number): number => edges[bin] ?? ABOVE_ALL;

/** Minus zero becomes zero, as JSON would make it. */
const numbers = (values: ArrayLike<number>): number[] => Array.from(values, v => v + 0);

export const treeToJson = (tree: Tree): { readonly [key: string]: Json } => ({
  feature: numbers(tree.feature),
  threshold: numbers(tree.threshold),
  left: numbers(tree.left),
  missingLeft: numbers(tree.missingLeft),
  value: numbers(tree.value),
  cover: numbers(tree.cover),
  gain: numbers(tree.gain),
});

/** Trees as JSON wrote them. Throws bad data for what no tree over `width` features with `values` a leaf can be. */
export const treesFromJson = (json: Json | undefined, width: number, values: number): Tree[] => {
  const bad = (reason: string): Error =>
    badData('bad-checkpoint', `The checkpoint's trees are damaged: ${reason}.`, 'Train the model anew.');
  if (!Array.isArray(json)) throw bad('there are none');
  return (json as readonly Json[]).map((tree, t) => {
    const fields = tree as { readonly [key: string]: Json };
    const read = (key: string, length: number | null): number[] => {
      const list = fields[key];
      if (!Array.isArray(list) || !list.every(v => typeof v === 'number') || (length !== null && list.length !== length))
        throw bad(`"${key}" of tree ${t}`);
      return list as number[];
    };
    const feature = Int32Array.from(read('feature', null));
    const n = feature.length;
    const left = Int32Array.from(read('left', n));
    if (n === 0 || feature.some((f, node) => f >= width || (f >= 0 && !(left[node]! > node && left[node]! + 1 < n))))
      throw bad(`the nodes of tree ${t}`);
    return {
      feature,
      threshold: Float64Array.from(read('threshold', n)),
      left,
      missingLeft: Uint8Array.from(read('missingLeft', n)),
      value: Float64Array.from(read('value', n * values)),
      cover: Float64Array.from(read('cover', n)),
      gain: Float64Array.from(read('gain', n)),
    };
  });
};

/** The bin that each node cuts after, by which rows in bins are routed as their values would be. */
export const cutsOf = ({ feature, threshold }: Tree, bins: FeatureBins): Int32Array =>
  Int32Array.from(feature, (f, node) => (f < 0 ? 0 : edgesBelow(bins[f]!, threshold[node]!)));

/** The leaf that a row in bins comes to. */
export const leafOf = ({ feature, left, missingLeft }: Tree, cuts: Int32Array, rows: BinnedRows, row: number): number => {
  let node = 0;
  for (let f = feature[0]!; f >= 0; f = feature[node]!) {
    const bin = binAt(rows, row, f);
    const goesLeft = bin === MISSING_BIN ? missingLeft[node] === 1 : bin <= cuts[node]!;
    node = left[node]! + (goesLeft ? 0 : 1);
  }
  return node;
};
