import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cholesky } from '../../../src/statistics/cholesky.js';
import { sideDistance } from '../../../src/experiments/samplers/cube-distance.js';
import { logExpectedImprovement } from '../../../src/experiments/samplers/expected-improvement.js';
import { fitGaussianProcess } from '../../../src/experiments/samplers/fit-gaussian-process.js';
import { gaussianProcess, matern52 } from '../../../src/experiments/samplers/gaussian-process.js';
import { marginalLikelihood } from '../../../src/experiments/samplers/marginal-likelihood.js';
import { climb } from '../../../src/experiments/samplers/quasi-newton.js';
import { random } from '../../../src/random.js';
import { bool, choice, float } from '../../../src/strategies/params.js';

/** The covariance by its definition through the modified Bessel function: K(5/2, x) = √(π/2x) e^(−x) (1 + 3/x + 3/x²), Γ(5/2) = ¾√π. */
const byBessel = (r: number): number => {
  const x = Math.sqrt(5) * r;
  const bessel = Math.sqrt(Math.PI / (2 * x)) * Math.exp(-x) * (1 + 3 / x + 3 / (x * x));
  return (2 ** -1.5 / (0.75 * Math.sqrt(Math.PI))) * x ** 2.5 * bessel;
};

/** Solution of A x = b and log |A| by elimination with row exchanges: shares nothing with the code under test. */
const eliminate = (matrix: readonly (readonly number[])[], b: readonly number[]): { x: number[]; logDeterminant: number } => {
  const n = b.length;
  const a = matrix.map((row, i) => [...row, b[i]!]);
  let logDeterminant = 0;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r]![c]!) > Math.abs(a[pivot]![c]!)) pivot = r;
    [a[c], a[pivot]] = [a[pivot]!, a[c]!];
    logDeterminant += Math.log(Math.abs(a[c]![c]!));
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = a[r]![c]! / a[c]![c]!;
      for (let k = c; k <= n; k++) a[r]![k]! -= factor * a[c]![k]!;
    }
  }
  return { x: a.map((row, i) => row[n]! / row[i]!), logDeterminant };
};

const straight = sideDistance({ axes: [float(0, 1, { default: 0 }), float(0, 1, { default: 0 }), float(0, 1, { default: 0 })] });
const scales = { lengths: Float64Array.of(0.4, 1.1, 0.25), signal: 1.7, noise: 0.03 };
const logs = Float64Array.of(...Array.from(scales.lengths, Math.log), Math.log(scales.signal), Math.log(scales.noise));

const sample = (n: number, seed: number): { points: Float64Array[]; values: Float64Array } => {
  const draw = random(seed);
  const points = Array.from({ length: n }, () => Float64Array.from({ length: 3 }, () => draw.next()));
  return { points, values: Float64Array.from(points, ([x = 0, y = 0, z = 0]) => Math.sin(5 * x) + y * z + 0.2 * draw.normal()) };
};

const covarianceOf = (a: Float64Array, b: Float64Array): number => {
  const r = Math.sqrt(a.reduce((sum, x, d) => sum + ((x - b[d]!) / scales.lengths[d]!) ** 2, 0));
  return scales.signal * (r === 0 ? 1 : byBessel(r));
};

describe('Gaussian-process regression', () => {
  test('correlates as Matérn’s law with ν = 5/2, defined by a Bessel function, does', () => {
    expect(matern52(0)).toBe(1);
    for (const r of [0.01, 0.1, 0.7, 1, 2.5, 10]) expect(matern52(r) / byBessel(r)).toBeCloseTo(1, 9);
  });

  test('gives the posterior and the marginal likelihood of the closed form', () => {
    const { points, values } = sample(14, 1);
    const matrix = points.map((a, i) => points.map((b, j) => covarianceOf(a, b) + (i === j ? scales.noise : 0)));
    const weights = eliminate(matrix, [...values]);
    const process = gaussianProcess(points, values, scales, straight);
    const fit = values.reduce((sum, y, i) => sum + y * weights.x[i]!, 0);
    expect(process.logMarginalLikelihood).toBeCloseTo(-0.5 * (fit + weights.logDeterminant + 14 * Math.log(2 * Math.PI)), 9);
    const out = new Float64Array(2);
    for (const point of [...sample(5, 2).points, points[3]!]) {
      const column = points.map(one => covarianceOf(point, one));
      process.predict(point, out);
      expect(out[0]).toBeCloseTo(
        column.reduce((sum, k, i) => sum + k * weights.x[i]!, 0),
        9,
      );
      const explained = eliminate(matrix, column).x.reduce((sum, x, i) => sum + x * column[i]!, 0);
      expect(out[1]).toBeCloseTo(scales.signal - explained, 9);
    }
  });

  test('believes a point as if its own mean had been observed there', () => {
    const { points, values } = sample(9, 3);
    const process = gaussianProcess(points, values, scales, straight);
    const [next, probe] = sample(2, 4).points;
    const out = new Float64Array(2);
    process.predict(next!, out);
    const whole = gaussianProcess([...points, next!], Float64Array.of(...values, out[0]!), scales, straight);
    const before = new Float64Array(2);
    const after = new Float64Array(2);
    const expected = new Float64Array(2);
    process.predict(probe!, before);
    process.believe(next!).predict(probe!, after);
    whole.predict(probe!, expected);
    expect(after[0]).toBeCloseTo(expected[0]!, 10);
    expect(after[1]).toBeCloseTo(expected[1]!, 10);
    expect(after[0]).toBeCloseTo(before[0]!, 10);
    expect(after[1]).toBeLessThan(before[1]!);
  });

  test('has the same marginal likelihood as a function of its scales, and the slope that differences give', () => {
    const { points, values } = sample(12, 5);
    const f = marginalLikelihood(points, values, straight);
    const slope = new Float64Array(5);
    expect(f(logs, slope)).toBeCloseTo(gaussianProcess(points, values, scales, straight).logMarginalLikelihood, 10);
    const ignored = new Float64Array(5);
    for (let i = 0; i < 5; i++) {
      const h = 1e-5;
      const up = f(logs.with(i, logs[i]! + h), ignored);
      const down = f(logs.with(i, logs[i]! - h), ignored);
      expect(slope[i]).toBeCloseTo((up - down) / (2 * h), 6);
    }
  });

  test('puts two different choices one side apart, whatever their places in the list', () => {
    const distance = sideDistance({ axes: [choice(['a', 'b', 'c']), bool({ default: false }), float(0, 1, { default: 0 })] });
    const a = [1 / 6, 0.25, 0.2];
    const c = [5 / 6, 0.75, 0.5];
    expect([0, 1, 2].map(side => distance(a, c, side))).toEqual([1, 0.25, (0.2 - 0.5) ** 2]);
    expect(distance(a, [0.5, 0, 0], 0)).toBe(1);
    expect(distance(a, a, 0)).toBe(0);
  });

  test('survives the same point twice without noise by raising the diagonal', () => {
    const twice = new Float64Array([1, 1, 1, 1]);
    const { jitter, lower } = cholesky(twice, 2);
    expect(jitter).toBeGreaterThan(0);
    expect(jitter).toBeLessThanOrEqual(1e-9);
    expect(lower.every(Number.isFinite)).toBe(true);
    expect(() => cholesky(new Float64Array([1, 2, 2, 1]), 2)).toThrow('no covariance');
  });

  test('factors what is a covariance without touching it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 9, maxLength: 9 }), entries => {
        const matrix = new Float64Array(9);
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) {
            for (let k = 0; k < 3; k++) matrix[i * 3 + j]! += entries[i * 3 + k]! * entries[j * 3 + k]!;
            if (i === j) matrix[i * 3 + j]! += 0.1;
          }
        const { lower, jitter } = cholesky(matrix, 3);
        expect(jitter).toBe(0);
        for (let i = 0; i < 3; i++)
          for (let j = 0; j <= i; j++) {
            let product = 0;
            for (let k = 0; k < 3; k++) product += lower[i * 3 + k]! * lower[j * 3 + k]!;
            expect(product).toBeCloseTo(matrix[i * 3 + j]!, 9);
          }
      }),
    );
  });
});

describe('the fit of a Gaussian process', () => {
  test('finds the sides that do not matter and how noisy the values are', () => {
    const draw = random(9);
    const points = Array.from({ length: 60 }, () => Float64Array.from({ length: 3 }, () => draw.next()));
    const values = Float64Array.from(points, ([x = 0]) => Math.SQRT2 * Math.sin(2 * Math.PI * x) + 0.3 * draw.normal());
    const { lengths, noise } = fitGaussianProcess(points, values, straight);
    expect(lengths[1]! / lengths[0]!).toBeGreaterThan(5);
    expect(lengths[2]! / lengths[0]!).toBeGreaterThan(5);
    // 0.09, of 60 looks: three standard errors.
    expect(Math.abs(noise - 0.09)).toBeLessThan(3 * 0.09 * Math.sqrt(2 / 55));
  });

  test('stands on a summit: no scale a little larger or smaller is more likely', () => {
    const { points, values } = sample(40, 11);
    const { lengths, signal, noise } = fitGaussianProcess(points, values, straight, { steps: 200 });
    const at = Float64Array.of(...Array.from(lengths, Math.log), Math.log(signal), Math.log(noise));
    const likelihood = marginalLikelihood(points, values, straight);
    // The prior as its doc comment states it.
    const centre = [0, 1, 2].map(() => Math.SQRT2 + 0.5 * Math.log(3)).concat(0, -7);
    const width = [Math.sqrt(3), Math.sqrt(3), Math.sqrt(3), 1, 2];
    const density = (x: Float64Array): number =>
      likelihood(x, new Float64Array(5)) - x.reduce((sum, v, i) => sum + 0.5 * ((v - centre[i]!) / width[i]!) ** 2, 0);
    for (let i = 0; i < 5; i++) for (const step of [-0.1, 0.1]) expect(density(at.with(i, at[i]! + step))).toBeLessThan(density(at) + 1e-6);
  });
});

describe('a quasi-Newton climb', () => {
  test('reaches the top of Rosenbrock’s ridge, upside down', () => {
    const { at, value } = climb(
      (x, slope) => {
        const [a, b] = [x[0]!, x[1]!];
        slope[0] = 2 * (1 - a) + 400 * a * (b - a * a);
        slope[1] = -200 * (b - a * a);
        return -((1 - a) ** 2) - 100 * (b - a * a) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { low: -5, high: 5, steps: 200, tolerance: 1e-14 },
    );
    expect(value).toBeGreaterThan(-1e-8);
    expect(at[0]).toBeCloseTo(1, 3);
    expect(at[1]).toBeCloseTo(1, 3);
  });

  test('rests at a border that the slope points beyond, and still moves along it', () => {
    const { at } = climb(
      (x, slope) => {
        slope[0] = 1;
        slope[1] = -2 * (x[1]! - 0.5);
        return x[0]! - (x[1]! - 0.5) ** 2;
      },
      Float64Array.of(0, -1),
      { low: -1, high: 2, steps: 100, tolerance: 1e-14 },
    );
    expect(at[0]).toBe(2);
    expect(at[1]).toBeCloseTo(0.5, 5);
  });
});

describe('expected improvement', () => {
  test('has the logarithm that 40 digits give, down to where nothing is left of it', () => {
    // log(φ(z) + z Φ(z)) by mpmath.
    for (const [z, expected] of [
      [-5, -16.74430116266099],
      [-12, -77.90910054500735],
      [-30, -457.724653760598],
      [-100, -5010.12957880025],
    ] as const)
      expect(Math.abs(logExpectedImprovement(z, 1, 0) / expected - 1)).toBeLessThan(1e-11);
    // E max(0, X) = φ(0) at z = 0, times the deviation.
    expect(logExpectedImprovement(3, 2, 3)).toBeCloseTo(Math.log(2 / Math.sqrt(2 * Math.PI)), 14);
  });

  test('is what the mean of draws gives', () => {
    const draw = random(4);
    let total = 0;
    const n = 200_000;
    for (let i = 0; i < n; i++) total += Math.max(0, 1 + 2 * draw.normal() - 2.5);
    // Standard error of the mean under 0.0025.
    expect(Math.abs(total / n - Math.exp(logExpectedImprovement(1, 2, 2.5)))).toBeLessThan(0.01);
  });

  test('never falls when the mean or the deviation rises, near as in the far tail', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -80, max: 5, noNaN: true }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: 1e-3, max: 1, noNaN: true }),
        (mean, deviation, step) => {
          const here = logExpectedImprovement(mean, deviation, 0);
          expect(logExpectedImprovement(mean + step, deviation, 0)).toBeGreaterThan(here);
          expect(logExpectedImprovement(mean, deviation + step, 0)).toBeGreaterThanOrEqual(here);
        },
      ),
    );
    expect(logExpectedImprovement(1, 0, 3)).toBe(-Infinity);
    expect(logExpectedImprovement(3, 0, 1)).toBe(Math.log(2));
  });
});
