import { ABOVE_ALL, type Tree } from './tree.js';
import { edgesBelow } from './feature-bins.js';

/** Thresholds of one feature, ascending, filled up with infinity. */
const TABLE = 256;
/** Rank of a missing value where it goes right: above every cut. Where it goes left its rank is 0, above none. */
const ALWAYS_RIGHT = 256;
/** A leaf's node: its step is 0 and its cut above all ranks of slot 0, which is never written to. Walking on from it stays there. */
const LEAF = 255;

/** Adds the leaf values of all trees for the row at `x[offset]` to `out`: of tree t to output t mod `outputs`, or all values of a leaf where it has several. */
export type TreeScorer = (x: Float64Array, offset: number, out: Float64Array) => void;

/**
 * Each feature's value as the number of its thresholds below it, twice: for nodes that send missing values left and for those that send them right. Eight halvings
 * without a branch: nothing could foretell them.
 */
const rankRow = (x: Float64Array, offset: number, width: number, table: Float64Array, ranks: Int32Array): void => {
  for (let f = 0; f < width; f++) {
    const value = x[offset + f]!;
    const first = f * TABLE;
    let at = first;
    at += Number(table[at + 127]! < value) << 7;
    at += Number(table[at + 63]! < value) << 6;
    at += Number(table[at + 31]! < value) << 5;
    at += Number(table[at + 15]! < value) << 4;
    at += Number(table[at + 7]! < value) << 3;
    at += Number(table[at + 3]! < value) << 2;
    at += Number(table[at + 1]! < value) << 1;
    at += Number(table[at]! < value);
    ranks[2 * f + 1] = at - first;
    ranks[2 * f + 2] = Number.isNaN(value) ? ALWAYS_RIGHT : at - first;
  }
};

/** One step down: to the left child, and one further when the row's rank is above the node's cut. No branch depends on the data. */
const step = (at: number, node: number, ranks: Int32Array): number =>
  (at + (node >>> 19) + (((node & 255) - ranks[(node >>> 8) & 2047]!) >>> 31)) | 0;

/** Walks all trees, four at a time so that the processor waits for four of them at once. */
const walk = (nodes: Int32Array, ranks: Int32Array, roots: Int32Array, depths: Int32Array, leaves: Int32Array): void => {
  for (let t = 0; t < roots.length; t += 4) {
    let a = roots[t]!;
    let b = roots[t + 1]!;
    let c = roots[t + 2]!;
    let d = roots[t + 3]!;
    for (let level = depths[t >> 2]!; level > 0; level--) {
      a = step(a, nodes[a]!, ranks);
      b = step(b, nodes[b]!, ranks);
      c = step(c, nodes[c]!, ranks);
      d = step(d, nodes[d]!, ranks);
    }
    leaves[t] = a;
    leaves[t + 1] = b;
    leaves[t + 2] = c;
    leaves[t + 3] = d;
  }
};

/**
 * Trees compiled to one integer a node: 13 bits of steps to the left child, 11 of the slot of the rank that it asks for, 8 of the cut. A row is ranked among the
 * model's thresholds once; trees then compare whole numbers, with the outcome of the comparisons that they stand for. Allocates nothing in a call.
 * `valuesPerLeaf` above 1: every tree answers all outputs.
 */
export const treeScorer = (trees: readonly Tree[], width: number, outputs: number, valuesPerLeaf: number): TreeScorer => {
  const seen = Array.from({ length: width }, () => new Set<number>());
  let total = 0;
  for (const { feature, threshold } of trees) {
    total += feature.length;
    feature.forEach((f, node) => {
      if (f >= 0 && threshold[node] !== ABOVE_ALL) seen[f]!.add(threshold[node]!);
    });
  }
  const thresholds = seen.map(values => Float64Array.from(values).sort());
  const table = new Float64Array(width * TABLE).fill(Infinity);
  thresholds.forEach((values, f) => table.set(values, f * TABLE));
  const padded = Math.ceil(trees.length / 4) * 4;
  const nodes = new Int32Array(total + 1);
  const value = new Float64Array(total * valuesPerLeaf);
  // What fills the last four up is a leaf of no tree.
  const roots = new Int32Array(padded).fill(total);
  nodes[total] = LEAF;
  const depths = new Int32Array(padded / 4);
  let first = 0;
  trees.forEach(({ feature, threshold, left, missingLeft, value: values }, t) => {
    const level = new Int32Array(feature.length);
    roots[t] = first;
    feature.forEach((f, node) => {
      if (f < 0) {
        nodes[first + node] = LEAF;
        depths[t >> 2] = Math.max(depths[t >> 2]!, level[node]!);
      } else {
        const l = left[node]!;
        level[l] = level[l + 1] = level[node]! + 1;
        const slot = 2 * f + 2 - missingLeft[node]!;
        nodes[first + node] = ((l - node) << 19) | (slot << 8) | edgesBelow(thresholds[f]!, threshold[node]!);
      }
    });
    value.set(values, first * valuesPerLeaf);
    first += feature.length;
  });
  const ranks = new Int32Array(2048);
  const leaves = new Int32Array(padded);
  const count = trees.length;

  if (valuesPerLeaf === 1)
    return (x, offset, out) => {
      rankRow(x, offset, width, table, ranks);
      walk(nodes, ranks, roots, depths, leaves);
      for (let t = 0, output = 0; t < count; t++) {
        out[output]! += value[leaves[t]!]!;
        output = output + 1 === outputs ? 0 : output + 1;
      }
    };
  return (x, offset, out) => {
    rankRow(x, offset, width, table, ranks);
    walk(nodes, ranks, roots, depths, leaves);
    for (let t = 0; t < count; t++) {
      const at = leaves[t]! * valuesPerLeaf;
      for (let c = 0; c < valuesPerLeaf; c++) out[c]! += value[at + c]!;
    }
  };
};
