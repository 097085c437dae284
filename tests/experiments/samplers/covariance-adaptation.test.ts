import { describe, expect, test } from 'vitest';
import { adaptationRates, covarianceAdaptation } from '../../../src/experiments/samplers/covariance-adaptation.js';
import type { CovarianceAdaptation } from '../../../src/experiments/samplers/covariance-adaptation.js';
import { random } from '../../../src/random.js';
import type { Random } from '../../../src/random.js';

type Matrix = number[][];
const times = (a: Matrix, b: Matrix): Matrix => a.map(row => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
const apply = (a: Matrix, x: readonly number[]): number[] => a.map(row => row.reduce((sum, v, k) => sum + v * x[k]!, 0));
const unit = (n: number): Matrix => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
const norm = (x: readonly number[]): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));

/** C^(−1/2) by the coupled Newton iteration of Denman and Beavers on C over its trace. */
const inverseRoot = (c: Matrix): Matrix => {
  const n = c.length;
  const trace = c.reduce((sum, row, i) => sum + row[i]!, 0);
  let y = c.map(row => row.map(v => v / trace));
  let z = unit(n);
  for (let i = 0; i < 60; i++) {
    const zy = times(z, y);
    const t = unit(n).map((row, a) => row.map((v, b) => (3 * v - zy[a]![b]!) / 2));
    y = times(y, t);
    z = times(t, z);
  }
  return z.map(row => row.map(v => v / Math.sqrt(trace)));
};

/** Normal draws that are given beforehand: with none of them 0, draws show the mean; with one of them 1, an axis. */
const given = (z: readonly number[]): Random => {
  let next = 0;
  return { ...random(0), normal: () => z[next++]! };
};
const meanOf = (law: CovarianceAdaptation, n: number): number[] => [...law.draw(given(Array.from({ length: n }, () => 0)))];
/** σ² C, from the axes. */
const scatterOf = (law: CovarianceAdaptation, n: number): Matrix => {
  const mean = meanOf(law, n);
  const axes = unit(n).map(z => [...law.draw(given(z))].map((v, i) => v - mean[i]!));
  return unit(n).map((row, i) => row.map((_, j) => axes.reduce((sum, axis) => sum + axis[i]! * axis[j]!, 0)));
};

describe('the rates of CMA-ES', () => {
  test('are those that pycma documents for 20 dimensions and 12 offspring', () => {
    // https://cma-es.github.io/apidocs-pycma/cma.options_parameters.CMAParameters.html
    const rates = adaptationRates(20, 12);
    const documented = [
      0.4024029428, 0.253389084, 0.1662215645, 0.1043752252, 0.05640347757, 0.01720770576, -0.05018713636, -0.1406167894, -0.2203813963,
      -0.2917332686, -0.3562788884, -0.4152044225,
    ];
    documented.forEach((weight, i) => expect(rates.weights[i]).toBeCloseTo(weight, 9));
    expect(rates.rankOne).toBeCloseTo(0.00437235, 8);
    expect(rates.rankMu).toBeCloseTo(0.00921656, 8);
    expect(rates.path).toBeCloseTo(0.171767, 6);
  });

  test('have the effective numbers of parents that pycma prints', () => {
    const printed = [
      [3, 7, 2.3, 58],
      [4, 8, 2.6, 52],
      [6, 9, 2.8, 49],
      [10, 10, 3.2, 45],
      [9, 60, 16.6, 12],
    ] as const;
    for (const [dimensions, size, effective, first] of printed) {
      const rates = adaptationRates(dimensions, size);
      expect(Number(rates.effective.toFixed(1))).toBe(effective);
      // The percentage is printed with its decimals cut off.
      expect(Math.floor(100 * rates.weights[0]!)).toBe(first);
      expect(rates.parents).toBe(Math.floor(size / 2));
    }
  });
});

describe('covariance matrix adaptation', () => {
  test('moves as the equations of the tutorial, written out with matrices, say', () => {
    const n = 3;
    const size = 7;
    const source = random('tutorial');
    const law = covarianceAdaptation({ mean: Float64Array.of(0.2, 0.5, 0.7), sigma: 0.3, size, widest: 1e9 });
    // Table 1 and figure 6 of Hansen (2016), with its names.
    const r = adaptationRates(n, size);
    const chi = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    let m = [0.2, 0.5, 0.7];
    let sigma = 0.3;
    let C = unit(n);
    let ps = [0, 0, 0];
    let pc = [0, 0, 0];
    for (let g = 0; g < 12; g++) {
      const ranked = Array.from({ length: size }, () => law.draw(source)).toSorted(
        (a, b) => a[0]! + 3 * a[1]! * a[1]! - (b[0]! + 3 * b[1]! * b[1]!),
      );
      law.learn(ranked, false);

      const y = ranked.map(x => [...x].map((v, i) => (v - m[i]!) / sigma));
      const root = inverseRoot(C);
      const yw = m.map((_, i) => y.slice(0, 3).reduce((sum, row, k) => sum + r.weights[k]! * row[i]!, 0));
      m = m.map((v, i) => v + sigma * yw[i]!);
      const whitened = apply(root, yw);
      ps = ps.map((v, i) => (1 - r.sigmaPath) * v + Math.sqrt(r.sigmaPath * (2 - r.sigmaPath) * r.effective) * whitened[i]!);
      const h = norm(ps) / Math.sqrt(1 - (1 - r.sigmaPath) ** (2 * (g + 1))) < (1.4 + 2 / (n + 1)) * chi ? 1 : 0;
      pc = pc.map((v, i) => (1 - r.path) * v + h * Math.sqrt(r.path * (2 - r.path) * r.effective) * yw[i]!);
      const w = y.map((row, k) => (r.weights[k]! >= 0 ? r.weights[k]! : (r.weights[k]! * n) / norm(apply(root, row)) ** 2));
      const all = r.weights.reduce((a, b) => a + b, 0);
      const delta = (1 - h) * r.path * (2 - r.path);
      C = C.map((row, i) =>
        row.map(
          (v, j) =>
            (1 + r.rankOne * delta - r.rankOne - r.rankMu * all) * v +
            r.rankOne * pc[i]! * pc[j]! +
            r.rankMu * y.reduce((sum, step, k) => sum + w[k]! * step[i]! * step[j]!, 0),
        ),
      );
      sigma *= Math.exp((r.sigmaPath / r.damping) * (norm(ps) / chi - 1));

      meanOf(law, n).forEach((v, i) => expect(v).toBeCloseTo(m[i]!, 9));
      scatterOf(law, n).forEach((row, i) => row.forEach((v, j) => expect(v / (sigma * sigma)).toBeCloseTo(C[i]![j]!, 7)));
    }
  });

  test('learns the shape of a valley a thousand times longer than wide, at any angle', () => {
    // Eigenvectors (3, 4) / 5 and (−4, 3) / 5.
    const height = ([x = 0, y = 0]: Float64Array): number => {
      const along = (3 * (x - 0.3) + 4 * (y - 0.6)) / 5;
      const across = (-4 * (x - 0.3) + 3 * (y - 0.6)) / 5;
      return along * along + 1e6 * across * across;
    };
    const source = random('valley');
    const law = covarianceAdaptation({ mean: Float64Array.of(0.9, 0.1), sigma: 0.3, size: 6, widest: 0.5 });
    for (let g = 0; g < 100; g++)
      law.learn(
        Array.from({ length: 6 }, () => law.draw(source)).toSorted((a, b) => height(a) - height(b)),
        false,
      );
    expect(height(Float64Array.from(meanOf(law, 2)))).toBeLessThan(1e-6);
    const [[xx, xy], [, yy]] = scatterOf(law, 2) as [[number, number], [number, number]];
    const along = 9 * xx + 24 * xy + 16 * yy;
    const across = 16 * xx - 24 * xy + 9 * yy;
    // Standard deviations in the ratio of the widths, 1000, within a factor of five.
    expect(Math.sqrt(along / across)).toBeGreaterThan(200);
    expect(Math.sqrt(along / across)).toBeLessThan(5000);
    expect(law.exhausted()).toBe(false);
  });

  test('widens where nothing can be told apart, up to its limit', () => {
    const source = random('flat');
    const law = covarianceAdaptation({ mean: Float64Array.of(0.5, 0.5), sigma: 0.01, size: 6, widest: 0.5 });
    for (let g = 0; g < 60; g++)
      law.learn(
        Array.from({ length: 6 }, () => law.draw(source)),
        true,
      );
    expect(law.spread()).toBeGreaterThan(0.3);
    expect(law.spread()).toBeLessThanOrEqual(0.5 * (1 + 1e-12));
  });
});
