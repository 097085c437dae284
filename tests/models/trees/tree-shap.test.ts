import { describe, expect, test } from 'vitest';
import { boost, type BoostedTrees } from '../../../src/models/trees/boost.js';
import { completeBoostingOptions } from '../../../src/models/trees/boosting-options.js';
import { multinomialLogLoss } from '../../../src/models/trees/losses/multinomial.js';
import { squaredLoss } from '../../../src/models/trees/losses/squared.js';
import { meanContributions, treeShap } from '../../../src/models/trees/tree-shap.js';
import { treeScorer } from '../../../src/models/trees/tree-scorer.js';
import type { Tree } from '../../../src/models/trees/tree.js';
import { random } from '../../../src/random.js';
import { boostingRows } from './boosting-rows.js';

/** What a tree answers on average when only some features are known: both ways, by the rows that went them (Lundberg et al. 2018, algorithm 1). */
const expectationWith = (tree: Tree, known: ReadonlySet<number>, x: Float64Array, node = 0): number => {
  const f = tree.feature[node]!;
  if (f < 0) return tree.value[node]!;
  const [l, r] = [tree.left[node]!, tree.left[node]! + 1];
  if (known.has(f)) {
    const goesLeft = Number.isNaN(x[f]!) ? tree.missingLeft[node] === 1 : x[f]! <= tree.threshold[node]!;
    return expectationWith(tree, known, x, goesLeft ? l : r);
  }
  const share = tree.cover[l]! / tree.cover[node]!;
  return share * expectationWith(tree, known, x, l) + (1 - share) * expectationWith(tree, known, x, r);
};

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** Shapley's value (1953): the mean rise over all orders in which features become known. */
const shapley = (trees: readonly Tree[], width: number, f: number, x: Float64Array): number => {
  let sum = 0;
  for (let subset = 0; subset < 1 << width; subset++) {
    if (subset & (1 << f)) continue;
    const known = new Set(Array.from({ length: width }, (_, k) => k).filter(k => subset & (1 << k)));
    const weight = (factorial(known.size) * factorial(width - known.size - 1)) / factorial(width);
    const withIt = new Set([...known, f]);
    for (const tree of trees) sum += weight * (expectationWith(tree, withIt, x) - expectationWith(tree, known, x));
  }
  return sum;
};

const draw = random('shap');
const [count, width] = [300, 4];
const some = (n: number) => Float64Array.from({ length: n }, () => (draw.next() < 0.1 ? NaN : draw.normal()));
const x = some(count * width);
const at = (i: number, f: number) => (Number.isNaN(x[i * width + f]!) ? 1 : x[i * width + f]!);
const value = Float64Array.from({ length: count }, (_, i) => at(i, 0) * at(i, 1) + at(i, 2) + 0.3 * draw.normal());

const grown = (depth: number): BoostedTrees =>
  boost(boostingRows(x, value), squaredLoss, completeBoostingOptions({ trees: 4, depth, minLeaf: 5, learningRate: 0.5 }), 1);

describe('treeShap', () => {
  test.each([1, 3, 6])(
    'gives the Shapley values by all subsets of features, on trees of depth %i that ask one feature again and again',
    depth => {
      const { trees, base } = grown(depth);
      const explain = treeShap(trees, width, base, 1);
      const out = new Float64Array(width + 1);
      for (let k = 0; k < 25; k++) {
        const row = some(width);
        explain(row, 0, out);
        for (let f = 0; f < width; f++) expect(out[f]).toBeCloseTo(shapley(trees, width, f, row), 10);
      }
    },
  );
  test('adds up to the margin of each class, from an expectation that is the mean margin of the training rows', () => {
    const classes = boostingRows(
      x,
      value.map(v => (v > 0.5 ? 2 : v > -0.5 ? 1 : 0)),
    );
    const { trees, base } = boost(classes, multinomialLogLoss(3), completeBoostingOptions({ trees: 10, minLeaf: 5 }), 1);
    const explain = treeShap(trees, width, base, 1);
    const score = treeScorer(trees, width, 3, 1);
    const out = new Float64Array(3 * (width + 1));
    const mean = new Float64Array(3);
    for (let i = 0; i < count; i++) {
      const margin = Float64Array.from(base);
      score(x, i * width, margin);
      explain(x, i * width, out);
      for (let c = 0; c < 3; c++) {
        mean[c]! += margin[c]! / count;
        const sum = out.subarray(c * (width + 1), (c + 1) * (width + 1)).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(margin[c]!, 10);
      }
    }
    for (let c = 0; c < 3; c++) expect(out[c * (width + 1) + width]).toBeCloseTo(mean[c]!, 10);
  });
  test('gives nothing to a feature that is never asked for', () => {
    const wide = Float64Array.from({ length: count * 2 }, (_, k) => (k % 2 === 0 ? at(k >> 1, 0) : 7));
    const { trees, base } = boost(boostingRows(wide, value), squaredLoss, completeBoostingOptions({ trees: 5 }), 1);
    const importance = meanContributions(treeShap(trees, 2, base, 1), wide, count, 2, 1);
    expect(importance[0]).toBeGreaterThan(0);
    expect(importance[1]).toBe(0);
  });
  test('means contributions over all rows where there are few, and over evenly spaced ones where there are many', () => {
    const asked: number[] = [];
    const explain = (_: Float64Array, offset: number, out: Float64Array) => {
      asked.push(offset);
      out.set([offset, -1, 100]);
    };
    expect([...meanContributions(explain, new Float64Array(6), 3, 2, 1)]).toEqual([2, 1]);
    asked.length = 0;
    meanContributions(explain, new Float64Array(2000), 1000, 2, 1, 4);
    expect(asked).toEqual([0, 500, 1000, 1500]);
  });
});
