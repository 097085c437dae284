import { describe, expect, test } from 'vitest';
import { treeScorer } from '../../../src/models/trees/tree-scorer.js';
import { treesFromJson, treeToJson, type Tree } from '../../../src/models/trees/tree.js';
import { UserError } from '../../../src/errors.js';
import { random } from '../../../src/random.js';

const draw = random('scorer');

/** A random tree, lopsided more often than not. */
const randomTree = (width: number, depth: number, values: number): Tree => {
  const nodes: { f: number; t: number; l: number; m: number }[] = [{ f: -1, t: 0, l: 0, m: 0 }];
  const split = (node: number, level: number): void => {
    if (level === depth || (level > 0 && draw.next() < 0.3)) return;
    const l = nodes.length;
    nodes.push({ f: -1, t: 0, l: 0, m: 0 }, { f: -1, t: 0, l: 0, m: 0 });
    const t = draw.next() < 0.1 ? Number.MAX_VALUE : draw.int(21) - 10;
    nodes[node] = { f: draw.int(width), t, l, m: draw.int(2) };
    split(l, level + 1);
    split(l + 1, level + 1);
  };
  split(0, 0);
  return {
    feature: Int32Array.from(nodes, n => n.f),
    threshold: Float64Array.from(nodes, n => n.t),
    left: Int32Array.from(nodes, n => n.l),
    missingLeft: Uint8Array.from(nodes, n => n.m),
    value: Float64Array.from({ length: nodes.length * values }, (_, k) => (nodes[Math.floor(k / values)]!.f < 0 ? draw.normal() : 0)),
    cover: new Float64Array(nodes.length).fill(1),
    gain: new Float64Array(nodes.length),
  };
};

const leaf = ({ feature, threshold, left, missingLeft }: Tree, x: Float64Array): number => {
  let node = 0;
  while (feature[node]! >= 0) {
    const v = x[feature[node]!]!;
    node = left[node]! + ((Number.isNaN(v) ? missingLeft[node] === 1 : v <= threshold[node]!) ? 0 : 1);
  }
  return node;
};

describe('treeScorer', () => {
  test.each([1, 3, 4, 7, 9])('comes to the leaves that walking each of %i trees comes to', count => {
    const width = 5;
    for (const [outputs, values] of [
      [1, 1],
      [3, 1],
      [3, 3],
    ] as const) {
      const trees = Array.from({ length: count }, () => randomTree(width, 6, values));
      const score = treeScorer(trees, width, outputs, values);
      for (let k = 0; k < 100; k++) {
        // Values on thresholds and between them.
        const x = Float64Array.from({ length: width }, () => (draw.next() < 0.15 ? NaN : (draw.int(45) - 22) / 2));
        const expected = new Float64Array(outputs);
        trees.forEach((tree, t) => {
          for (let c = 0; c < values; c++) expected[values === 1 ? t % outputs : c]! += tree.value[leaf(tree, x) * values + c]!;
        });
        const padded = Float64Array.from([99, ...x, 99]);
        const out = new Float64Array(outputs);
        score(padded, 1, out);
        expect(out).toEqual(expected);
      }
    }
  });
  test('adds nothing when there are no trees', () => {
    const out = Float64Array.of(2);
    treeScorer([], 3, 1, 1)(new Float64Array(3), 0, out);
    expect(out[0]).toBe(2);
  });
});

describe('trees as JSON', () => {
  test('are read as they were', () => {
    const trees = Array.from({ length: 5 }, () => randomTree(4, 5, 3));
    expect(treesFromJson(JSON.parse(JSON.stringify(trees.map(treeToJson))), 4, 3)).toEqual(trees);
  });
  test('are refused when they are damaged', () => {
    const json = treeToJson({ ...randomTree(4, 5, 1), feature: Int32Array.of(1, -1, -1), left: Int32Array.of(1, 0, 0) });
    const whole = {
      feature: [1, -1, -1],
      threshold: [0, 0, 0],
      left: [1, 0, 0],
      missingLeft: [0, 0, 0],
      value: [0, 1, 2],
      cover: [2, 1, 1],
      gain: [1, 0, 0],
    };
    expect(treesFromJson([whole], 4, 1).length).toBe(1);
    for (const bad of [
      undefined,
      [{}],
      [json],
      [{ ...whole, left: [0, 0, 0] }],
      [{ ...whole, left: [2, 0, 0] }],
      [{ ...whole, feature: [4, -1, -1] }],
      [{ ...whole, value: [0, 1] }],
      [{ ...whole, gain: ['1', 0, 0] }],
    ])
      expect(() => treesFromJson(bad, 4, 1)).toThrow(UserError);
  });
});
