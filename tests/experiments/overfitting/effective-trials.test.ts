import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { averageLinkage } from '../../../src/experiments/overfitting/average-linkage.js';
import { clusterReturns } from '../../../src/experiments/overfitting/cluster-returns.js';
import { correlationMatrix } from '../../../src/experiments/overfitting/correlation-matrix.js';
import { effectiveTrials, liJi } from '../../../src/experiments/overfitting/effective-trials.js';
import { symmetricEigenvalues } from '../../../src/experiments/overfitting/symmetric-eigenvalues.js';
import { trialClusters } from '../../../src/experiments/overfitting/trial-clusters.js';
import { random } from '../../../src/random.js';
import { clusterOrder } from '../../../src/statistics/cluster-order.js';

/** `families` of `members` columns, correlated by `rho` inside a family; families side by side, as an inner axis of a grid lays them. */
const familiesOf = (families: number, members: number, rho: number, rows: number, seed: number | string): Float64Array[] => {
  const draw = random(seed);
  const ideas = Array.from({ length: families }, () => Float64Array.from({ length: rows }, () => draw.normal()));
  return Array.from({ length: families * members }, (_, k) =>
    ideas[k % families]!.map(value => Math.sqrt(rho) * value + Math.sqrt(1 - rho) * draw.normal()),
  );
};

const equicorrelated = (n: number, rho: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : rho));

describe('the eigenvalues of a symmetric matrix', () => {
  test('of equal correlations are 1 + (n − 1)ρ once and 1 − ρ', () => {
    for (const [n, rho] of [
      [1, 0],
      [2, 0.5],
      [7, 0.3],
      [40, 0.9],
      [5, 0],
      [6, 1],
    ] as const) {
      const found = symmetricEigenvalues(equicorrelated(n, rho), n);
      found.forEach((value, i) => expect(value).toBeCloseTo(i === n - 1 ? 1 + (n - 1) * rho : 1 - rho, 12));
    }
  });
  test('of a mirrored second difference are 2 − 2 cos(πk ÷ (n + 1))', () => {
    const n = 60;
    const draw = random('mirror');
    const v = Float64Array.from({ length: n }, () => draw.normal());
    const length = v.reduce((sum, x) => sum + x * x, 0);
    const mirror = (i: number, j: number) => (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / length;
    const difference = (i: number, j: number) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0);
    const product = (a: (i: number, j: number) => number, b: (i: number, j: number) => number) => {
      const all = Float64Array.from({ length: n * n }, (_, at) => {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += a(Math.floor(at / n), k) * b(k, at % n);
        return sum;
      });
      return (i: number, j: number) => all[i * n + j]!;
    };
    const dense = product(product(mirror, difference), mirror);
    const found = symmetricEigenvalues(
      Float64Array.from({ length: n * n }, (_, at) => dense(Math.floor(at / n), at % n)),
      n,
    );
    found.forEach((value, k) => expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)), 11));
  });
  test('sum to the trace and their squares to the sum of squares', () => {
    const columns = familiesOf(3, 20, 0.6, 100, 'trace');
    const matrix = correlationMatrix(columns);
    const found = symmetricEigenvalues(matrix, 60);
    expect(found.reduce((a, b) => a + b, 0)).toBeCloseTo(60, 10);
    expect(found.reduce((a, b) => a + b * b, 0)).toBeCloseTo(
      matrix.reduce((a, b) => a + b * b, 0),
      8,
    );
  });
});

describe('the effective number by eigenvalues', () => {
  test('is the number of trials when they are unrelated, one when they are the same', () => {
    expect(liJi(symmetricEigenvalues(equicorrelated(30, 0), 30))).toBeCloseTo(30, 5);
    expect(liJi(symmetricEigenvalues(equicorrelated(30, 1), 30))).toBeCloseTo(1, 5);
  });
  test('counts whole eigenvalues once and the rest in part, as Li & Ji do', () => {
    // 3.7 counts 1.7, 1.2 itself, 0.1 itself; 2 counts 1 though rounding left it below.
    expect(liJi(Float64Array.of(0.1, 1.2, 3.7))).toBeCloseTo(1.7 + 1.2 + 0.1, 6);
    expect(liJi(Float64Array.of(0, 2 - 1e-12))).toBeCloseTo(1, 6);
  });
});

describe('average linkage', () => {
  test('joins as the slow search over all pairs does', () => {
    const draw = random('linkage');
    for (const n of [2, 3, 10, 25]) {
      const at = Array.from({ length: n }, () => [draw.normal(), draw.normal()] as const);
      const distance = Float64Array.from({ length: n * n }, (_, i) => {
        const [a, b] = [at[Math.floor(i / n)]!, at[i % n]!];
        return Math.sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]));
      });
      const joins = averageLinkage(distance, n);
      const groups = Array.from({ length: n }, (_, i) => [i]);
      let height = 0;
      for (const join of joins) {
        const pairs = groups[join.left]!.flatMap(i => groups[join.right]!.map(j => distance[i * n + j]!));
        expect(join.height).toBeCloseTo(pairs.reduce((a, b) => a + b, 0) / pairs.length, 12);
        expect(join.height).toBeGreaterThanOrEqual(height);
        height = join.height;
        groups[join.left]!.push(...groups[join.right]!);
      }
      // The same tree drawn the same way.
      expect(groups[0]).toEqual([...clusterOrder(distance, n)]);
    }
  });
});

describe('clusters of trials', () => {
  test('are the families that the returns were made of', () => {
    for (const [families, members, rho] of [
      [2, 10, 0.6],
      [5, 8, 0.7],
      [12, 5, 0.9],
      [20, 3, 0.8],
    ] as const) {
      const columns = familiesOf(families, members, rho, 500, `families-${families}`);
      const found = trialClusters(correlationMatrix(columns), columns.length);
      expect([...found]).toEqual(columns.map((_, k) => k % families));
    }
  });
  test('are one for variants of one idea and as many as unrelated trials', () => {
    expect(new Set(trialClusters(correlationMatrix(familiesOf(1, 30, 0.95, 300, 'one')), 30)).size).toBe(1);
    expect(new Set(trialClusters(correlationMatrix(familiesOf(30, 1, 0, 300, 'none')), 30)).size).toBe(30);
    expect(new Set(trialClusters(equicorrelated(5, 1), 5)).size).toBe(1);
    expect([...trialClusters(equicorrelated(1, 1), 1)]).toEqual([0]);
  });
  test('do not depend on the order of the trials but for their numbers', () => {
    const columns = familiesOf(4, 6, 0.7, 300, 'order');
    const found = trialClusters(correlationMatrix(columns), 24);
    const backwards = trialClusters(correlationMatrix(columns.toReversed()), 24).toReversed();
    for (let i = 0; i < 24; i++) for (let j = 0; j < 24; j++) expect(backwards[i] === backwards[j]).toBe(found[i] === found[j]);
  });
  test('put strategies that never traded into one', () => {
    const columns = [new Float64Array(100), ...familiesOf(2, 4, 0.9, 100, 'idle'), new Float64Array(100).fill(0.1)];
    const found = trialClusters(correlationMatrix(columns), columns.length);
    expect(found[9]).toBe(found[0]);
    expect(new Set(found).size).toBe(3);
  });
});

describe('the effective number of trials', () => {
  test('of families lies between the ideas and the trials, and is the same every time', () => {
    const columns = familiesOf(8, 10, 0.9, 400, 'eight');
    const found = effectiveTrials(columns);
    expect(found.byClusters).toBe(8);
    // Each family of ten counts 1 and a fraction for the idea, and 9 × 0.1 for its shades.
    expect(found.byEigenvalues).toBeGreaterThan(8);
    expect(found.byEigenvalues).toBeLessThan(25);
    expect(effectiveTrials(columns)).toEqual(found);
  });
  test('of more trials than are compared is found by a sample of them', () => {
    const columns = familiesOf(6, 50, 0.9, 300, 'sample');
    const found = effectiveTrials(columns, { most: 60 });
    expect([...found.cluster]).toEqual(columns.map((_, k) => k % 6));
    const all = effectiveTrials(columns, { most: 300 });
    expect(Math.abs(found.byEigenvalues / all.byEigenvalues - 1)).toBeLessThan(0.3);
    // A family of 50 counts 1 + a fraction + 49 × 0.1.
    expect(Math.abs(found.byEigenvalues / (6 * (1.5 + 4.9)) - 1)).toBeLessThan(0.3);
    const unrelated = effectiveTrials(familiesOf(300, 1, 0, 300, 'apart'), { most: 60 });
    expect(unrelated.byEigenvalues).toBeGreaterThan(270);
    expect(unrelated.byClusters).toBe(300);
  });
  test('of one trial, or of copies of it, is one', () => {
    const [only] = familiesOf(1, 1, 0, 50, 'copy');
    expect(effectiveTrials([only!])).toMatchObject({ byEigenvalues: 1, byClusters: 1 });
    expect(effectiveTrials(Array.from({ length: 12 }, (_, k) => only!.map(value => value * (k + 1)))).byClusters).toBe(1);
  });
  test('refuses columns that cannot be compared', () => {
    for (const bad of [[], [new Float64Array(20), new Float64Array(21)], [new Float64Array(20).fill(Infinity)]])
      expect(() => effectiveTrials(bad)).toThrow(UserError);
    expect(() => effectiveTrials(familiesOf(2, 2, 0, 20, 1), { most: 1 })).toThrow(UserError);
  });
});

describe('the returns of a cluster', () => {
  test('weigh members by the inverse of their variances and leave out those that never traded', () => {
    const calm = Float64Array.of(1, -1, 1, -1);
    const wild = Float64Array.of(2, 2, -2, -2);
    const [joint, alone, idle] = clusterReturns([calm, new Float64Array(4), wild, calm, new Float64Array(4)], Int32Array.of(0, 0, 0, 1, 2));
    // Weights 4 : 1.
    [1.2, -0.4, 0.4, -1.2].forEach((value, t) => expect(joint![t]).toBeCloseTo(value, 12));
    calm.forEach((value, t) => expect(alone![t]).toBeCloseTo(value, 12));
    expect([...idle!]).toEqual([0, 0, 0, 0]);
  });
});
