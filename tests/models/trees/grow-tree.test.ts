import { describe, expect, test } from 'vitest';
import { binRows } from '../../../src/models/trees/binned-rows.js';
import { roundForExactSums } from '../../../src/models/trees/exact-sums.js';
import { fitBins } from '../../../src/models/trees/feature-bins.js';
import { treeGrower } from '../../../src/models/trees/grow-tree.js';
import type { Tree } from '../../../src/models/trees/tree.js';
import { random } from '../../../src/random.js';
import { referenceTree, sumOf, type ReferenceInput, type ReferenceNode } from './reference-tree.js';

const grownFrom = ({ x, g, h, ...limits }: ReferenceInput, whole: boolean): Tree => {
  const [count, width] = [x.length, x[0]!.length];
  const flat = Float64Array.from(x.flat());
  const binned = binRows(flat, count, fitBins(flat, count, width, 255));
  const pairs = Float64Array.from(g.flatMap((value, i) => [value, h[i]!]));
  const unit = roundForExactSums(pairs, count);
  const grow = treeGrower(binned, count, { ...limits, maxLeaves: whole ? null : limits.maxLeaves, signs: new Int8Array(width) });
  const all = [Int32Array.from({ length: count }, (_, i) => i), Int32Array.from({ length: width }, (_, f) => f)] as const;
  grow(pairs, unit, ...all);
  // The second tree must not see what the first left in the buffers.
  return grow(pairs, unit, ...all).tree;
};

const expectSame = (tree: Tree, at: number, node: ReferenceNode, { g, h, l2 }: ReferenceInput): void => {
  expect(tree.cover[at]).toBe(node.rows.length);
  if (node.split === null) {
    expect(tree.feature[at]).toBe(-1);
    expect(tree.value[at]).toBeCloseTo(-sumOf(g, node.rows) / (sumOf(h, node.rows) + l2), 9);
    return;
  }
  const { feature, threshold, missingLeft, gain, left, right } = node.split;
  expect([tree.feature[at], tree.threshold[at], tree.missingLeft[at] === 1]).toEqual([feature, threshold, missingLeft]);
  expect(tree.gain[at]).toBeCloseTo(gain, 9);
  expectSame(tree, tree.left[at]!, left, { g, h, l2 } as ReferenceInput);
  expectSame(tree, tree.left[at]! + 1, right, { g, h, l2 } as ReferenceInput);
};

/** Values on a coarse grid, so that many are equal, and some missing. */
const randomInput = (seed: number): ReferenceInput => {
  const draw = random(`grow/${seed}`);
  const [count, width] = [20 + draw.int(30), 1 + draw.int(6)];
  const missing = draw.int(3) === 0 ? 0 : 0.25;
  return {
    x: Array.from({ length: count }, () => Array.from({ length: width }, () => (draw.next() < missing ? NaN : draw.int(15) - 7))),
    g: Array.from({ length: count }, () => draw.normal()),
    h: Array.from({ length: count }, () => 0.05 + draw.next()),
    depth: 1 + draw.int(4),
    maxLeaves: 2 + draw.int(8),
    minLeaf: 1 + draw.int(4),
    l2: draw.int(2) * draw.next(),
    minGain: draw.int(2) * 0.3 * draw.next(),
  };
};

describe('treeGrower', () => {
  test('finds the splits, gains and leaf values of exact greedy search, with and without missing values, to the full depth', () => {
    for (let seed = 0; seed < 30; seed++) {
      const input = { ...randomInput(seed), maxLeaves: Infinity };
      expectSame(grownFrom(input, true), 0, referenceTree(input), input);
    }
  });
  test('splits where the gain is highest when leaves are limited', () => {
    for (let seed = 100; seed < 120; seed++) {
      const input = { ...randomInput(seed), depth: 6 };
      expectSame(grownFrom(input, false), 0, referenceTree(input), input);
    }
  });
  test('leaves a root that cannot be split whole', () => {
    const input = { ...randomInput(1), minLeaf: 1000 };
    const tree = grownFrom(input, true);
    expect(tree.feature).toEqual(Int32Array.of(-1));
    expect(tree.value[0]).toBeCloseTo(-sumOf(input.g, [...input.g.keys()]) / (sumOf(input.h, [...input.h.keys()]) + input.l2), 9);
  });
});
