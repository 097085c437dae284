import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { forestShapValues, randomForest, type RandomForestOptions } from '../../../src/models/random-forest.js';
import { binRows } from '../../../src/models/trees/binned-rows.js';
import { fitBins } from '../../../src/models/trees/feature-bins.js';
import { growClassTree } from '../../../src/models/trees/grow-class-tree.js';
import type { Tree } from '../../../src/models/trees/tree.js';
import { random } from '../../../src/random.js';
import { forecasterContract, forecastsOf } from '../../contracts/forecaster.js';
import { plantedRows } from '../../contracts/planted-rows.js';

forecasterContract('random forest', () => randomForest({ trees: 20, depth: 6 }), { stopAfter: 7 });
forecasterContract(
  'random forest with everything switched on',
  () => randomForest({ trees: 20, featureFraction: 0.7, bootstrap: 0.8, block: 8, smoothing: 0.5, bins: 64 }),
  { stopAfter: 1 },
);

interface Cut {
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** Best cut by the Gini impurity, each tried on the rows themselves; ties to what comes first. `rows` names a row as often as it was drawn. */
const bestCut = (
  x: readonly (readonly number[])[],
  label: Uint8Array,
  weight: Float64Array,
  rows: readonly number[],
  minLeaf: number,
): Cut | null => {
  const impurity = (part: readonly number[]): number => {
    const total = part.reduce((s, i) => s + weight[i]!, 0);
    const shares = [0, 1, 2].map(c => part.reduce((s, i) => s + (label[i] === c ? weight[i]! : 0), 0) / total);
    return total * (1 - shares.reduce((s, p) => s + p * p, 0));
  };
  let best: Cut | null = null;
  for (let feature = 0; feature < x[0]!.length; feature++) {
    const missing = rows.filter(i => Number.isNaN(x[i]![feature]!)).length;
    const values = [...new Set(x.map(row => row[feature]!).filter(v => !Number.isNaN(v)))].sort((a, b) => a - b);
    for (const threshold of [...values.slice(0, -1), Number.MAX_VALUE])
      for (const side of missing > 0 ? [true, false] : [null]) {
        const left = rows.filter(i => (Number.isNaN(x[i]![feature]!) ? side === true : x[i]![feature]! <= threshold));
        const right = rows.filter(i => !left.includes(i));
        if ((side === true && left.length === missing) || left.length < minLeaf || right.length < minLeaf) continue;
        const gain = impurity(rows) - impurity(left) - impurity(right);
        if (gain > 1e-9 && (best === null || gain > best.gain + 1e-9))
          best = { feature, threshold, missingLeft: side ?? left.length >= right.length, gain, left, right };
      }
  }
  return best;
};

describe('growClassTree', () => {
  test('finds the cuts of exact search by Gini impurity, and smoothed class shares in the leaves', () => {
    for (let seed = 0; seed < 20; seed++) {
      const draw = random(`gini/${seed}`);
      const [count, width, minLeaf, depth] = [30 + draw.int(20), 1 + draw.int(5), 1 + draw.int(4), 1 + draw.int(5)];
      const x = Array.from({ length: count }, () => Array.from({ length: width }, () => (draw.next() < 0.2 ? NaN : draw.int(9))));
      const label = Uint8Array.from({ length: count }, () => draw.int(3));
      const weight = Float64Array.from({ length: count }, () => (1 + draw.int(64)) / 32);
      const drawn = Int32Array.from({ length: count }, () => draw.int(3));
      const flat = Float64Array.from(x.flat());
      const binned = binRows(flat, count, fitBins(flat, count, width, 255));
      const tree = growClassTree(binned, label, weight, drawn, { depth, minLeaf, features: width, smoothing: 1 }, draw);
      const check = (node: number, level: number, rows: readonly number[]): void => {
        expect(tree.cover[node]).toBe(rows.length);
        const cut = level < depth ? bestCut(x, label, weight, rows, minLeaf) : null;
        if (cut === null) {
          expect(tree.feature[node]).toBe(-1);
          const held = [0, 1, 2].map(c => rows.reduce((s, i) => s + (label[i] === c ? weight[i]! : 0), 0));
          const total = held[0]! + held[1]! + held[2]!;
          held.forEach((w, c) => expect(tree.value[node * 3 + c]).toBeCloseTo((w + 1) / (total + 3), 12));
          return;
        }
        expect([tree.feature[node], tree.threshold[node], tree.missingLeft[node] === 1]).toEqual([
          cut.feature,
          cut.threshold,
          cut.missingLeft,
        ]);
        expect(tree.gain[node]).toBeCloseTo(cut.gain, 9);
        check(tree.left[node]!, level + 1, cut.left);
        check(tree.left[node]! + 1, level + 1, cut.right);
      };
      check(
        0,
        0,
        Array.from(drawn.keys()).flatMap(i => Array.from({ length: drawn[i]! }, () => i)),
      );
    }
  });
  test('asks at each node only for some features, drawn anew', () => {
    const rows = plantedRows({ count: 400, width: 6, strength: 0.9 });
    const binned = binRows(rows.x, 400, fitBins(rows.x, 400, 6, 255));
    const roots = (features: number): Set<number> => {
      const grown = (seed: number): Tree =>
        growClassTree(
          binned,
          rows.label,
          rows.weight,
          new Int32Array(400).fill(1),
          { depth: 1, minLeaf: 5, features, smoothing: 1 },
          random(seed),
        );
      return new Set(Array.from({ length: 20 }, (_, seed) => grown(seed).feature[0]!));
    };
    expect(roots(6)).toEqual(new Set([0]));
    expect(roots(1).size).toBeGreaterThan(3);
  });
});

describe('randomForest', () => {
  const rows = plantedRows({ count: 400, width: 3 });
  const forecaster = randomForest({ trees: 10, depth: 5, minLeaf: 10 });
  const checkpoint = forecaster.fit(rows, 1);
  test('explains its probabilities: the sums are what it forecasts', () => {
    for (const { row, forecast } of forecastsOf(forecaster, checkpoint, rows).slice(0, 40)) {
      const shap = forestShapValues(checkpoint, rows.x, row * 3);
      const sums = [0, 1, 2].map(c => shap.subarray(c * 4, c * 4 + 4).reduce((a, b) => a + b, 0));
      expect(sums[0]).toBeCloseTo(forecast.down, 12);
      expect(sums[1]).toBeCloseTo(forecast.flat, 12);
      expect(sums[2]).toBeCloseTo(forecast.up, 12);
    }
  });
  test('grows the same tree again and again when it draws neither rows nor features', () => {
    const same = randomForest({ trees: 3, bootstrap: false, featureFraction: 1 }).fit(rows, 1).body['trees'] as readonly object[];
    expect(same[1]).toEqual(same[0]);
    const drawn = randomForest({ trees: 3, featureFraction: 1 }).fit(rows, 1).body['trees'] as readonly object[];
    expect(drawn[1]).not.toEqual(drawn[0]);
  });
  test.each([
    [{ trees: 1.5 }],
    [{ depth: 20 }],
    [{ featureFraction: 0 }],
    [{ bootstrap: 2 }],
    [{ block: 0 }],
    [{ smoothing: -1 }],
  ] as const)('refuses %j', options => {
    expect(() => randomForest(options as RandomForestOptions)).toThrow(UserError);
  });
});
