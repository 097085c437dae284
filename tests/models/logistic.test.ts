import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { climatology } from '../../src/models/climatology.js';
import { noForecast } from '../../src/models/forecast.js';
import { logisticRegression, type LogisticOptions } from '../../src/models/logistic.js';
import type { TrainingRows } from '../../src/models/training-rows.js';
import { random } from '../../src/random.js';
import { forecasterContract, forecastsOf } from '../contracts/forecaster.js';
import { plantedRows } from '../contracts/planted-rows.js';

forecasterContract('logistic', () => logisticRegression(), { stopAfter: 3 });

const coefficients = (rows: TrainingRows, options: LogisticOptions): number[] =>
  logisticRegression(options).fit(rows, 1).body['coefficients'] as number[];

/** Gradient of the weighted mean log loss at some coefficients, written down from its definition. */
const gradientAt = ({ count, width, x, label, weight }: TrainingRows, beta: readonly number[]): number[] => {
  const total = weight.reduce((a, b) => a + b, 0);
  const gradient = beta.map(() => 0);
  for (let i = 0; i < count; i++) {
    const row = [...x.subarray(i * width, (i + 1) * width).map(v => (Number.isNaN(v) ? 0 : v)), 1];
    const odds = [0, 1, 2].map(c => Math.exp(row.reduce((z, v, j) => z + v * beta[c * (width + 1) + j]!, 0)));
    const sum = odds[0]! + odds[1]! + odds[2]!;
    for (let c = 0; c < 3; c++)
      row.forEach((v, j) => {
        gradient[c * (width + 1) + j]! += (weight[i]! / total) * (odds[c]! / sum - (label[i] === c ? 1 : 0)) * v;
      });
  }
  return gradient;
};

describe('logisticRegression', () => {
  test.each([
    { l1: 0, l2: 0 },
    { l1: 0.03, l2: 0 },
    { l1: 0, l2: 0.1 },
    { l1: 0.02, l2: 0.05 },
  ])('meets the optimality conditions of the elastic net with l1 $l1 and l2 $l2', ({ l1, l2 }) => {
    const rows = plantedRows({ count: 400, width: 6, missing: 0.1, seed: 'kkt' });
    const beta = coefficients(rows, { l1, l2, tolerance: 1e-9, maxIterations: 2000 });
    const gradient = gradientAt(rows, beta);
    beta.forEach((b, k) => {
      const slope = gradient[k]!;
      if (k % 7 === 6) expect(Math.abs(slope)).toBeLessThan(1e-8);
      else if (b === 0) expect(Math.abs(slope)).toBeLessThan(l1 + 1e-8);
      else expect(Math.abs(slope + l2 * b + Math.sign(b) * l1)).toBeLessThan(1e-8);
    });
    if (l1 > 0) expect(beta.filter(b => b === 0).length).toBeGreaterThan(4);
  });

  test('without penalty and with two classes is what Newton finds for the log-odds', () => {
    const base = plantedRows({ count: 300, width: 2, seed: 'newton' });
    const rows = { ...base, label: base.label.map(c => (c === 1 ? 0 : c)) };
    // Newton on up against down: gradient and Hessian of three parameters, solved by Cramer's rule.
    let theta = [0, 0, 0];
    for (let step = 0; step < 30; step++) {
      const g = [0, 0, 0];
      const h = [0, 0, 0, 0, 0, 0, 0, 0, 0];
      for (let i = 0; i < rows.count; i++) {
        const v = [rows.x[2 * i]!, rows.x[2 * i + 1]!, 1];
        const p = 1 / (1 + Math.exp(-(v[0]! * theta[0]! + v[1]! * theta[1]! + theta[2]!)));
        for (let a = 0; a < 3; a++) {
          g[a]! += rows.weight[i]! * (p - (rows.label[i] === 2 ? 1 : 0)) * v[a]!;
          for (let b = 0; b < 3; b++) h[3 * a + b]! += rows.weight[i]! * p * (1 - p) * v[a]! * v[b]!;
        }
      }
      const det = (m: readonly number[]): number =>
        m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) - m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) + m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!);
      theta = theta.map((t, k) => t - det(h.map((value, at) => (at % 3 === k ? g[Math.floor(at / 3)]! : value))) / det(h));
    }
    const beta = coefficients(rows, { l1: 0, l2: 0, tolerance: 1e-9, maxIterations: 5000 });
    // A class that never came drifts off to no odds at all; the other two are symmetric.
    theta.forEach((t, j) => expect(beta[6 + j]! - beta[j]!).toBeCloseTo(t, 4));
  });

  test('with a penalty too strong for any feature is the climatology without smoothing', () => {
    const rows = plantedRows({ seed: 'null' });
    const model = logisticRegression({ l1: 10, tolerance: 1e-12 });
    const out = noForecast();
    model.predictor(model.fit(rows, 1))(rows.x, 0, 0.01, out);
    const reference = noForecast();
    const baseline = climatology({ smoothing: 1e-12 });
    baseline.predictor(baseline.fit(rows, 1))(rows.x, 0, 0.01, reference);
    for (const key of ['down', 'flat', 'up', 'mean', 'sd'] as const) expect(out[key]).toBeCloseTo(reference[key], 9);
  });

  test('lets the first feature in just below the largest slope that the climatology leaves, and none above', () => {
    const rows = plantedRows({ count: 500, seed: 'first' });
    const shares = [0, 1, 2].map(c => rows.weight.reduce((sum, w, i) => sum + (rows.label[i] === c ? w : 0), 0));
    const none = shares.flatMap(share => [0, 0, 0, 0, 0, Math.log(share)]);
    const largest = Math.max(...gradientAt(rows, none).map((slope, k) => (k % 6 === 5 ? 0 : Math.abs(slope))));
    const entered = (l1: number): number => coefficients(rows, { l1, l2: 0 }).filter((b, k) => k % 6 !== 5 && b !== 0).length;
    expect(entered(1.001 * largest)).toBe(0);
    expect(entered(0.99 * largest)).toBeGreaterThan(0);
    expect(entered(0.99 * largest)).toBeLessThan(4);
    // Also from where the stronger penalty had it at rest.
    const rest = logisticRegression({ l1: 1.001 * largest, l2: 0, tolerance: 1e-9 }).fit(rows, 1);
    expect(logisticRegression({ l1: 0.6 * largest, l2: 0 }).fit(rows, 1, { warmStart: rest }).body['iterations']).toBeGreaterThan(0);
  });

  test('ends on rows that a line separates, where the best coefficients are infinite', () => {
    const rows = plantedRows({ count: 200, width: 2, strength: 1, seed: 'separable' });
    const checkpoint = logisticRegression({ l1: 0, l2: 0 }).fit(rows, 1);
    expect(checkpoint.body['iterations']).toBe(200);
    for (const { forecast } of forecastsOf(logisticRegression(), checkpoint, rows))
      expect(Number.isFinite(forecast.up + forecast.mean + forecast.sd)).toBe(true);
  });

  test('counts a missing feature as its mean, 0', () => {
    const rows = plantedRows({ seed: 'missing' });
    const model = logisticRegression();
    const predict = model.predictor(model.fit(rows, 1));
    const [a, b] = [noForecast(), noForecast()];
    predict(Float64Array.of(1, NaN, 2, NaN, 0), 0, 0.01, a);
    predict(Float64Array.of(1, 0, 2, 0, 0), 0, 0.01, b);
    expect(a).toEqual(b);
  });

  test('reaches the same optimum sooner from an earlier model of nearly the same rows', () => {
    const rows = plantedRows({ count: 2000, seed: 'warm' });
    const later = { ...rows, count: 1900, x: rows.x.subarray(500), label: rows.label.subarray(100), weight: rows.weight.subarray(100) };
    const model = logisticRegression({ tolerance: 1e-8 });
    const cold = model.fit(later, 1);
    const warm = model.fit(later, 1, { warmStart: model.fit(rows, 1) });
    expect(warm.body['iterations']).toBeLessThan(cold.body['iterations'] as number);
    const [a, b] = [cold, warm].map(({ body }) => body['coefficients'] as number[]);
    a!.forEach((value, k) => expect(b![k]).toBeCloseTo(value, 5));
  });

  test('is quick with features that say nearly the same', () => {
    const draw = random('collinear');
    const base = plantedRows({ count: 3000, width: 20, seed: 'collinear' });
    const x = base.x.map((v, k) => (k % 20 < 10 ? base.x[k - (k % 20)]! + 0.05 * draw.normal() : v));
    expect(logisticRegression().fit({ ...base, x }, 1).body['iterations']).toBeLessThan(80);
  });

  test('refuses options out of range and a checkpoint of another width', () => {
    for (const options of [{ l1: -1 }, { l2: NaN }, { maxIterations: 0 }, { tolerance: 0 }])
      expect(() => logisticRegression(options)).toThrow(UserError);
    const model = logisticRegression();
    const narrow = model.fit(plantedRows({ width: 4 }), 1);
    expect(() => model.fit(plantedRows({ width: 5 }), 1, { resume: narrow })).toThrow(UserError);
  });
});
