import {
  BIN,
  FEATURE,
  GAIN,
  LEFT_GRADIENT,
  LEFT_PACKED,
  leafWeight,
  MISSING_LEFT,
  searchFeature,
  SPLIT_DOUBLES,
  type SplitLimits,
} from './best-split.js';
import { power } from '../../numeric/pow.js';
import type { BinnedRows } from './binned-rows.js';
import { createHistogram, subtractHistogram, sumHistogram, type Histogram } from './histogram.js';
import { partitionRows } from './partition-rows.js';
import { thresholdOf, type Tree } from './tree.js';

/** How far one tree grows. */
export interface GrowthLimits extends SplitLimits {
  readonly depth: number;
  /** Leaves at which the tree is done, the split of the highest gain first; null: to the full depth. */
  readonly maxLeaves: number | null;
  /** Constraint by feature: 1 rising, −1 falling, 0 free. */
  readonly signs: Int8Array;
}

/** A tree and, by node, the rows in it (`rows[start … end)`) and the bounds that its value was held within. The latter hold until the next tree is grown. */
export interface GrownTree {
  readonly tree: Tree;
  readonly rows: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Grows one tree. `pairs` are all rows' derivatives rounded for exact sums with their `unit`; `sample` the rows to learn from, ascending; `features` those that may be
 * asked for, ascending.
 */
export type TreeGrower = (pairs: Float64Array, unit: number, sample: Int32Array, features: Int32Array) => GrownTree;

/**
 * A grower of trees by second-order gradients on rows in bins (Chen & Guestrin 2016; Ke et al. 2017). Each node's split is the best cut of all its features, found in
 * their histograms; of two children only the smaller one's rows are summed. With a limit of leaves the node of the highest gain is split next (ties: the older one).
 * Values of leaves are Newton's steps, unshrunk. `capacity` is the most rows of a sample; buffers are kept from tree to tree.
 */
export const treeGrower = (binned: BinnedRows, capacity: number, limits: GrowthLimits): TreeGrower => {
  const { depth: maxDepth, maxLeaves, minLeaf, l2, minGain, signs } = limits;
  const leafLimit = Math.max(1, Math.min(maxLeaves ?? Infinity, power(2, maxDepth), Math.floor(capacity / minLeaf)));
  const size = 2 * leafLimit - 1;
  const rows = new Int32Array(capacity);
  const spare = new Int32Array(capacity);
  const gathered = new Float64Array(2 * capacity);
  const start = new Int32Array(size);
  const end = new Int32Array(size);
  const level = new Int32Array(size);
  const gradient = new Float64Array(size);
  const packed = new Float64Array(size);
  const low = new Float64Array(size);
  const high = new Float64Array(size);
  const splits = Array.from({ length: size }, () => new Float64Array(SPLIT_DOUBLES));
  const histograms = Array.from({ length: size }, (): Histogram | null => null);
  const pool: Histogram[] = [];

  return (pairs, unit, sample, features) => {
    const groups = Int32Array.from(new Set(Array.from(features, f => f >> 2)));
    const feature = new Int32Array(size).fill(-1);
    const threshold = new Float64Array(size);
    const left = new Int32Array(size);
    const missingLeft = new Uint8Array(size);
    const gain = new Float64Array(size);
    /** Nodes that can be split, the newest last. */
    const open: number[] = [];
    let nodes = 1;

    const release = (node: number): void => {
      const histogram = histograms[node];
      if (histogram) pool.push(histogram);
      histograms[node] = null;
    };
    const sum = (node: number): void => {
      const from = start[node]!;
      const count = end[node]! - from;
      for (let k = 0; k < count; k++) {
        const row = rows[from + k]!;
        gathered[2 * k] = pairs[2 * row]!;
        gathered[2 * k + 1] = pairs[2 * row + 1]!;
      }
      const histogram = pool.pop() ?? createHistogram(binned.width);
      histograms[node] = histogram;
      sumHistogram(histogram, binned, groups, rows, from, count, gathered);
    };
    const search = (node: number): void => {
      const best = splits[node]!;
      best.fill(0);
      best[GAIN] = minGain;
      best[FEATURE] = -1;
      const histogram = histograms[node]!;
      for (let k = 0; k < features.length; k++) {
        const f = features[k]!;
        searchFeature(
          histogram[f >> 2]!,
          (f & 3) << 9,
          binned.bins[f]!.length,
          f,
          gradient[node]!,
          packed[node]!,
          unit,
          limits,
          signs[f]!,
          low[node]!,
          high[node]!,
          best,
        );
      }
      if (best[FEATURE]! >= 0) open.push(node);
      else release(node);
    };
    const mayGrow = (node: number): boolean => level[node]! < maxDepth && end[node]! - start[node]! >= 2 * minLeaf;
    const weightOf = (g: number, p: number, node: number): number =>
      leafWeight(g, p - Math.floor(p / unit) * unit, l2, low[node]!, high[node]!);

    const split = (node: number): void => {
      const best = splits[node]!;
      const f = best[FEATURE]!;
      const l = nodes;
      const r = nodes + 1;
      nodes += 2;
      feature[node] = f;
      threshold[node] = thresholdOf(binned.bins[f]!, best[BIN]!);
      left[node] = l;
      missingLeft[node] = best[MISSING_LEFT]!;
      gain[node] = best[GAIN]!;
      const middle = partitionRows(binned, f, best[BIN]!, best[MISSING_LEFT]!, rows, start[node]!, end[node]!, spare);
      start[l] = start[node]!;
      end[l] = start[r] = middle;
      end[r] = end[node]!;
      level[l] = level[r] = level[node]! + 1;
      gradient[l] = best[LEFT_GRADIENT]!;
      packed[l] = best[LEFT_PACKED]!;
      gradient[r] = gradient[node]! - gradient[l]!;
      packed[r] = packed[node]! - packed[l]!;
      low[l] = low[r] = low[node]!;
      high[l] = high[r] = high[node]!;
      const sign = signs[f]!;
      if (sign !== 0) {
        const border = (weightOf(gradient[l]!, packed[l]!, node) + weightOf(gradient[r]!, packed[r]!, node)) / 2;
        if (sign > 0) high[l] = low[r] = border;
        else low[l] = high[r] = border;
      }
    };
    const grow = (node: number): void => {
      split(node);
      const l = left[node]!;
      const smaller = end[l]! - start[l]! <= end[l + 1]! - start[l + 1]! ? l : l + 1;
      const larger = smaller === l ? l + 1 : l;
      // A child that is full grown needs no histogram; at the last split no child does.
      const more = (nodes + 1) / 2 < leafLimit;
      const smallerGrows = more && mayGrow(smaller);
      const largerGrows = more && mayGrow(larger);
      if (smallerGrows || largerGrows) sum(smaller);
      if (largerGrows) {
        histograms[larger] = histograms[node]!;
        histograms[node] = null;
        subtractHistogram(histograms[larger]!, histograms[smaller]!, groups);
      }
      release(node);
      if (!smallerGrows) release(smaller);
      // The left child first in any case, so that nodes do not depend on which one is smaller.
      for (const child of [l, l + 1]) if (child === smaller ? smallerGrows : largerGrows) search(child);
    };
    /** Without a limit of leaves the newest node, which keeps few histograms; all are split in the end. */
    const next = (): number => {
      if (maxLeaves === null) return open.pop()!;
      let at = 0;
      for (let k = 1; k < open.length; k++) {
        const [a, b] = [splits[open[k]!]![GAIN]!, splits[open[at]!]![GAIN]!];
        if (a > b || (a === b && open[k]! < open[at]!)) at = k;
      }
      return open.splice(at, 1)[0]!;
    };

    rows.set(sample);
    start[0] = 0;
    end[0] = sample.length;
    level[0] = 0;
    gradient[0] = packed[0] = 0;
    for (let k = 0; k < sample.length; k++) {
      gradient[0]! += pairs[2 * sample[k]!]!;
      packed[0]! += pairs[2 * sample[k]! + 1]!;
    }
    low[0] = -Infinity;
    high[0] = Infinity;
    if (mayGrow(0) && leafLimit > 1) {
      sum(0);
      search(0);
    }
    while (open.length > 0 && (nodes + 1) / 2 < leafLimit) grow(next());
    for (const node of open) release(node);

    const value = new Float64Array(nodes);
    const cover = new Float64Array(nodes);
    for (let node = 0; node < nodes; node++) {
      cover[node] = end[node]! - start[node]!;
      if (feature[node]! < 0) value[node] = weightOf(gradient[node]!, packed[node]!, node);
    }
    const tree: Tree = {
      feature: feature.slice(0, nodes),
      threshold: threshold.slice(0, nodes),
      left: left.slice(0, nodes),
      missingLeft: missingLeft.slice(0, nodes),
      value,
      cover,
      gain: gain.slice(0, nodes),
    };
    return { tree, rows, start, end, low, high };
  };
};
