import { beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { boost, type BoostedTrees, type BoostingRows } from '../../../src/models/trees/boost.js';
import { completeBoostingOptions, type BoostingOptions } from '../../../src/models/trees/boosting-options.js';
import { binaryLogLoss } from '../../../src/models/trees/losses/binary.js';
import type { Loss } from '../../../src/models/trees/losses/loss.js';
import { multinomialLogLoss } from '../../../src/models/trees/losses/multinomial.js';
import { quantileLoss } from '../../../src/models/trees/losses/quantile.js';
import { squaredLoss } from '../../../src/models/trees/losses/squared.js';
import { treeScorer } from '../../../src/models/trees/tree-scorer.js';
import { treeToJson } from '../../../src/models/trees/tree.js';
import { random } from '../../../src/random.js';
import { boostingRows } from './boosting-rows.js';
import { makeFriedman1, randomState } from './numpy-random.js';

const fit = (rows: BoostingRows, loss: Loss, options: BoostingOptions, seed = 1) =>
  boost(rows, loss, completeBoostingOptions(options), seed);

const marginsOf = ({ base, trees }: BoostedTrees, x: Float64Array, width: number): Float64Array => {
  const score = treeScorer(trees, width, base.length, 1);
  const out = new Float64Array((x.length / width) * base.length);
  for (let i = 0; i < x.length / width; i++) {
    const row = out.subarray(i * base.length, (i + 1) * base.length);
    row.set(base);
    score(x, i * width, row);
  }
  return out;
};

const meanSquare = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + (v - b[i]!) * (v - b[i]!), 0) / a.length;

describe('boost on Friedman’s first problem, with the very data of scikit-learn’s example', () => {
  const { x, y } = makeFriedman1(1200, 0);
  const train = boostingRows(x.slice(0, 2000), y.slice(0, 200));
  const stumps = { depth: 1, learningRate: 0.1, minLeaf: 1, l2: 0 };
  test('draws what NumPy draws', () => {
    // The first uniforms and normals of RandomState(0), as in NumPy's documentation.
    expect([...x.subarray(0, 3)].map(v => v.toFixed(8))).toEqual(['0.54881350', '0.71518937', '0.60276338']);
    const { normal } = randomState(0);
    expect([normal(), normal()].map(v => v.toFixed(8))).toEqual(['1.76405235', '0.40015721']);
  });
  // scikit-learn user guide, 1.11 Ensembles: mean squared error 5.00… after 100 stumps and 3.84… after 200.
  test.each([
    [100, 5.0],
    [200, 3.84],
  ])('errs after %i stumps as published: %f', (trees, published) => {
    const model = fit(train, squaredLoss, { ...stumps, trees });
    const error = meanSquare(marginsOf(model, x.slice(2000), 10), y.slice(200));
    expect(Math.abs(error - published)).toBeLessThan(0.05 * published);
  });
});

describe('boost', () => {
  const draw = random('boost');
  const [count, width] = [600, 4];
  const x = Float64Array.from({ length: count * width }, () => (draw.next() < 0.05 ? NaN : draw.normal()));
  const filled = x.map(v => (Number.isNaN(v) ? 0.5 : v));
  const value = Float64Array.from(
    { length: count },
    (_, i) => filled[i * width]! + filled[i * width + 1]! * filled[i * width + 2]! + draw.normal(),
  );
  const values = boostingRows(x, value);
  const classes = boostingRows(
    x,
    value.map(v => (v > 0.4 ? 2 : v > -0.4 ? 1 : 0)),
  );
  const bits = boostingRows(
    x,
    value.map(v => (v > 0 ? 1 : 0)),
  );

  test.each([
    ['squared', squaredLoss, values],
    ['binary', binaryLogLoss, bits],
    ['multinomial', multinomialLogLoss(3), classes],
    ['quantile', quantileLoss(0.3), values],
  ] as const)('brings the %s loss down, rows drawn or not', (_, loss, rows) => {
    for (const subsample of [1, 0.6]) {
      const options = { trees: 8, subsample, featureFraction: 0.8, learningRate: 0.3, minLeaf: 5 };
      const before = marginsOf(fit(rows, loss, { ...options, trees: 1 }), x, width);
      const after = marginsOf(fit(rows, loss, options), x, width);
      expect(loss.mean(after, rows.target, rows.weight, 0, count)).toBeLessThan(loss.mean(before, rows.target, rows.weight, 0, count));
    }
  });

  test.each([
    ['binary', binaryLogLoss, bits],
    ['multinomial', multinomialLogLoss(3), classes],
    ['squared', squaredLoss, values],
  ] as const)('has the derivatives of the %s loss', (_, loss, rows) => {
    const n = 20;
    const weight = Float64Array.from({ length: n }, () => 0.5 + draw.next());
    const total = weight.reduce((a, b) => a + b, 0);
    const margin = Float64Array.from({ length: n * loss.outputs }, () => draw.normal());
    const pairs = Array.from({ length: loss.outputs }, () => new Float64Array(2 * n));
    loss.derivatives(margin, rows.target, weight, n, pairs);
    for (let k = 0; k < margin.length; k++) {
      const [row, output] = [Math.floor(k / loss.outputs), k % loss.outputs];
      const at = (d: number) => loss.mean(margin.with(k, margin[k]! + d), rows.target, weight, 0, n) * total;
      const d = 1e-4;
      expect(pairs[output]![2 * row]).toBeCloseTo((at(d) - at(-d)) / (2 * d), 5);
      // Friedman's factor K ÷ (K − 1) on the diagonal of the Hessian.
      const factor = loss.outputs === 1 ? 1 : loss.outputs / (loss.outputs - 1);
      expect(pairs[output]![2 * row + 1]).toBeCloseTo((factor * (at(d) - 2 * at(0) + at(-d))) / (d * d), 5);
    }
  });

  test('begins where a constant does best: mean, quantile and log-odds', () => {
    const [mean] = squaredLoss.base(value, values.weight, count);
    expect(mean).toBeCloseTo(value.reduce((a, b) => a + b, 0) / count, 12);
    const [q] = quantileLoss(0.25).base(value, values.weight, count);
    expect(value.filter(v => v <= q!).length).toBe(count / 4);
    const ones = bits.target.reduce((a, b) => a + b, 0);
    expect(binaryLogLoss.base(bits.target, bits.weight, count)[0]).toBeCloseTo(Math.log((ones + 1) / (count - ones + 1)), 12);
  });

  test('covers with a quantile the share of rows that it is the quantile of, and more where the spread is wider', () => {
    const n = 1500;
    const u = Float64Array.from({ length: n }, () => draw.next());
    const spread = boostingRows(
      u,
      u.map(v => (1 + 4 * v) * draw.normal()),
    );
    const options = { trees: 40, depth: 2, minLeaf: 50 };
    const high = marginsOf(fit(spread, quantileLoss(0.9), options), u, 1);
    const covered = spread.target.filter((v, i) => v <= high[i]!).length / n;
    expect(Math.abs(covered - 0.9)).toBeLessThan(0.02);
    // The 90 % quantile of a normal is 1.28 of its deviation: 1.4 … 6.
    const [narrow, wide] = [u.indexOf(Math.min(...u)), u.indexOf(Math.max(...u))];
    expect(high[narrow]).toBeGreaterThan(0.8);
    expect(high[narrow]).toBeLessThan(2.6);
    expect(high[wide]).toBeGreaterThan(4.3);
    expect(high[wide]).toBeLessThan(8);
  });

  test.each([
    ['squared', squaredLoss, values],
    ['binary', binaryLogLoss, bits],
    ['quantile', quantileLoss(0.7), values],
  ] as const)('keeps to monotone constraints everywhere, with the %s loss', (_, loss, rows) => {
    const model = fit(rows, loss, { trees: 25, learningRate: 0.4, minLeaf: 3, l2: 0, monotone: { x0: 1, x1: -1 } });
    const free = fit(rows, loss, { trees: 25, learningRate: 0.4, minLeaf: 3, l2: 0 });
    const violations = (trees: BoostedTrees): number => {
      let wrong = 0;
      for (let k = 0; k < 60; k++) {
        const row = Float64Array.from({ length: width }, () => (draw.next() < 0.1 ? NaN : 1.5 * draw.normal()));
        for (const [f, sign] of [
          [0, 1],
          [1, -1],
        ] as const) {
          const grid = Float64Array.from({ length: 30 * width }, (__, i) =>
            i % width === f ? -3 + 0.2 * Math.floor(i / width) : row[i % width]!,
          );
          const margins = marginsOf(trees, grid, width);
          for (let i = 1; i < 30; i++) if (sign * (margins[i]! - margins[i - 1]!) < -1e-12) wrong++;
        }
      }
      return wrong;
    };
    expect(violations(model)).toBe(0);
    expect(violations(free)).toBeGreaterThan(0);
  });

  test('goes the same ways whatever a feature is measured in', () => {
    const bent = x.map((v, i) => (i % width === 0 ? Math.exp(v) : i % width === 1 ? v * v * v : v));
    const options = { trees: 10, minLeaf: 5 };
    const plain = fit(values, squaredLoss, options);
    const other = fit(boostingRows(bent, value), squaredLoss, options);
    const fresh = Float64Array.from({ length: 300 * width }, () => (draw.next() < 0.1 ? NaN : draw.normal()));
    const freshBent = fresh.map((v, i) => (i % width === 0 ? Math.exp(v) : i % width === 1 ? v * v * v : v));
    expect(marginsOf(other, freshBent, width)).toEqual(marginsOf(plain, fresh, width));
  });

  test('learns what a missing value means, and sends it to the larger side where it met none', () => {
    const n = 400;
    const u = Float64Array.from({ length: n }, (_, i) => (i % 4 === 0 ? NaN : draw.normal()));
    const holes = boostingRows(
      u,
      u.map(v => (Number.isNaN(v) ? 3 : v > 1 ? 1 : -1)),
    );
    const model = fit(holes, squaredLoss, { trees: 60, depth: 2, learningRate: 0.3, l2: 0 });
    const [missing, low, high] = [...marginsOf(model, Float64Array.of(NaN, -0.5, 1.5), 1)];
    expect(missing).toBeCloseTo(3, 2);
    expect(low).toBeCloseTo(-1, 2);
    expect(high).toBeCloseTo(1, 2);
    const whole = boostingRows(
      Float64Array.from({ length: n }, (_, i) => i),
      Float64Array.from({ length: n }, (_, i) => (i < 300 ? 5 : -5)),
    );
    const known = fit(whole, squaredLoss, { trees: 1, depth: 1, learningRate: 1, l2: 0 });
    expect([...marginsOf(known, Float64Array.of(NaN, 10, 390), 1)]).toEqual([5, 5, -5]);
  });

  test('sends infinite values the way of the outermost ones, also where a cut is for missing values only', () => {
    const model = fit(values, squaredLoss, { trees: 20, minLeaf: 3 });
    const at = (v: number) => Float64Array.from({ length: width }, () => v);
    expect(marginsOf(model, at(Infinity), width)).toEqual(marginsOf(model, at(1e300), width));
    expect(marginsOf(model, at(-Infinity), width)).toEqual(marginsOf(model, at(-1e300), width));
  });

  describe('with rows held out', () => {
    const noise = boostingRows(
      x,
      Float64Array.from({ length: count }, () => draw.int(2)),
    );
    const stopping = { trees: 200, learningRate: 0.3, minLeaf: 5, earlyStopping: { fraction: 0.3, rounds: 5, gap: 3 } };
    test('stops soon on noise and keeps the trees up to the best round only', () => {
      const { trees, finished, heldOutLoss } = fit(noise, binaryLogLoss, stopping);
      expect(finished).toBe(true);
      expect(heldOutLoss.length).toBeLessThan(20);
      expect(heldOutLoss[trees.length - 1]).toBe(Math.min(...heldOutLoss));
      expect(heldOutLoss.length).toBe(trees.length + 5);
    });
    test('goes on for longer where there is something to be learned', () => {
      const slowly = { ...stopping, learningRate: 0.1 };
      expect(fit(bits, binaryLogLoss, slowly).trees.length).toBeGreaterThan(3 * fit(noise, binaryLogLoss, slowly).trees.length);
    });
    test('measures the loss on them that the model has there', () => {
      const { trees, base, ...rest } = fit(bits, binaryLogLoss, stopping);
      const margins = marginsOf({ trees, base, ...rest }, x, width);
      expect(rest.heldOutLoss[trees.length - 1]).toBe(binaryLogLoss.mean(margins, bits.target, bits.weight, 420, count));
    });
    test('learns nothing from them nor from the gap before', () => {
      const changed = { ...bits, target: bits.target.map((v, i) => (i >= 418 && i < 420 ? 1 - v : v)) };
      const json = (rows: BoostingRows) => JSON.stringify(fit(rows, binaryLogLoss, stopping).trees.map(treeToJson));
      expect(json(changed)).toBe(json(bits));
      const learned = { ...bits, target: bits.target.map((v, i) => (i === 417 ? 1 - v : v)) };
      expect(json(learned)).not.toBe(json(bits));
    });
    test('stops and goes on as if it had not', () => {
      for (const stopAfter of [1, 4]) {
        const options = completeBoostingOptions({ ...stopping, subsample: 0.7, featureFraction: 0.5 });
        const whole = boost(classes, multinomialLogLoss(3), options, 3);
        const part = boost(classes, multinomialLogLoss(3), options, 3, { stopAfter });
        expect(part.finished).toBe(false);
        expect(boost(classes, multinomialLogLoss(3), options, 3, { resume: part })).toEqual(whole);
        expect(boost(classes, multinomialLogLoss(3), options, 3, { resume: whole })).toEqual(whole);
      }
    });
  });

  describe('refuses', () => {
    test.each([
      [{ trees: 0 }],
      [{ depth: 13 }],
      [{ learningRate: 0 }],
      [{ minLeaf: 1.5 }],
      [{ subsample: 2 }],
      [{ bins: 256 }],
      [{ l2: NaN }],
      [{ maxLeaves: 1 }],
      [{ earlyStopping: { fraction: 0, rounds: 1, gap: 1 } }],
    ] as const)('%j', options => {
      expect(() => completeBoostingOptions(options)).toThrow(UserError);
    });
    test('a constraint on what is no feature, a level that is none, and too few rows', () => {
      expect(() => fit(values, squaredLoss, { monotone: { nothing: 1 } })).toThrow(UserError);
      expect(() => quantileLoss(1)).toThrow(UserError);
      expect(() => fit(values, squaredLoss, { minLeaf: 400 })).toThrow(UserError);
    });
  });
});

describe('boost with few bins', () => {
  let rows: BoostingRows;
  beforeAll(() => {
    const draw = random('few');
    const u = Float64Array.from({ length: 500 }, () => draw.normal());
    rows = boostingRows(
      u,
      u.map(v => v + 0.1 * draw.normal()),
    );
  });
  test('asks for no more thresholds than there are', () => {
    const { trees } = fit(rows, squaredLoss, { bins: 8, trees: 30 });
    const asked = new Set(trees.flatMap(({ feature, threshold }) => [...threshold].filter((_, node) => feature[node]! >= 0)));
    expect(asked.size).toBeLessThanOrEqual(7);
  });
});
