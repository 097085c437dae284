import { describe, expect, it } from 'vitest';
import { power } from '../../src/numeric/pow.js';
import { random } from '../../src/random.js';
import { nonlinearLeastSquares } from '../../src/statistics/nonlinear-least-squares.js';

/** Rows of [y, x] with the curve and its derivatives. */
const fit = (
  data: readonly (readonly [number, number])[],
  curve: (x: number, b: Float64Array) => readonly [value: number, ...derivatives: number[]],
  start: readonly number[],
) =>
  nonlinearLeastSquares({
    rows: data.length,
    start,
    errors: 'classical',
    residual: (i, b, gradient) => {
      const [y, x] = data[i]!;
      const [value, ...derivatives] = curve(x, b);
      derivatives.forEach((d, j) => (gradient[j] = d));
      return y - value;
    },
  });

describe('nonlinear least squares', () => {
  it.each([
    ['the first start', [1, 5]],
    ['the second start', [0.7, 4]],
  ])('gives NIST’s certified power law for DanWood from %s', (_, start) => {
    const { parameters, covariance, scale } = fit(
      [
        [2.138, 1.309],
        [3.421, 1.471],
        [3.597, 1.49],
        [4.34, 1.565],
        [4.882, 1.611],
        [5.66, 1.68],
      ],
      (x, [a = 0, b = 0]) => [a * power(x, b), power(x, b), a * Math.log(x) * power(x, b)],
      start,
    );
    expect(parameters[0]).toBeCloseTo(7.6886226176e-1, 8);
    expect(parameters[1]).toBeCloseTo(3.8604055871, 7);
    expect(Math.sqrt(covariance[0]!)).toBeCloseTo(1.828197386e-2, 8);
    expect(Math.sqrt(covariance[3]!)).toBeCloseTo(5.1726610913e-2, 7);
    expect(scale).toBeCloseTo(3.2853114039e-2, 9);
  });

  it.each([
    ['the far start', [500, 0.0001]],
    ['the near start', [250, 0.0005]],
  ])('gives NIST’s certified saturation curve for Misra1a from %s', (_, start) => {
    const { parameters, covariance, scale } = fit(
      [
        [10.07, 77.6],
        [14.73, 114.9],
        [17.94, 141.1],
        [23.93, 190.8],
        [29.61, 239.9],
        [35.18, 289],
        [40.02, 332.8],
        [44.82, 378.4],
        [50.76, 434.8],
        [55.05, 477.3],
        [61.01, 536.8],
        [66.4, 593.1],
        [75.47, 689.1],
        [81.78, 760],
      ],
      (x, [a = 0, b = 0]) => [a * (1 - Math.exp(-b * x)), 1 - Math.exp(-b * x), a * x * Math.exp(-b * x)],
      start,
    );
    expect(parameters[0]).toBeCloseTo(2.3894212918e2, 5);
    expect(parameters[1]).toBeCloseTo(5.5015643181e-4, 11);
    expect(Math.sqrt(covariance[0]!)).toBeCloseTo(2.7070075241, 6);
    expect(Math.sqrt(covariance[3]!)).toBeCloseTo(7.2668688436e-6, 12);
    expect(scale).toBeCloseTo(1.018787633e-1, 9);
  });

  const noisy = (outliers: number) => {
    const draw = random(`line/${outliers}`);
    return Array.from({ length: 400 }, (_, i) => {
      const x = 1 + i / 100;
      return [2 * x + 0.1 * draw.normal() + (i < outliers ? 50 : 0), x] as const;
    });
  };
  const slope = (data: readonly (readonly [number, number])[], huber?: number) =>
    nonlinearLeastSquares({
      rows: data.length,
      start: [1],
      errors: 'sandwich',
      ...(huber !== undefined && { huber }),
      residual: (i, [b = 0], gradient) => {
        const [y, x] = data[i]!;
        gradient[0] = x;
        return y - b * x;
      },
    });

  it('with Huber’s loss is hardly moved by outliers that pull plain squares away', () => {
    const data = noisy(40);
    expect(Math.abs(slope(data, 1.345).parameters[0]! - 2)).toBeLessThan(0.02);
    expect(Math.abs(slope(data).parameters[0]! - 2)).toBeGreaterThan(0.2);
  });

  it('has standard errors as large as the scatter of its estimates over many samples', () => {
    // Noise grows with x, which classical errors would not see.
    const estimates: number[] = [];
    const stated: number[] = [];
    for (let s = 0; s < 300; s++) {
      const draw = random(`scatter/${s}`);
      const data = Array.from({ length: 100 }, (_, i) => {
        const x = 0.1 + i / 50;
        return [2 * x + x * x * draw.normal(), x] as const;
      });
      const { parameters, covariance } = slope(data, 1.345);
      estimates.push(parameters[0]!);
      stated.push(Math.sqrt(covariance[0]!));
    }
    const m = estimates.reduce((a, b) => a + b, 0) / estimates.length;
    const scatter = Math.sqrt(estimates.reduce((a, b) => a + (b - m) * (b - m), 0) / (estimates.length - 1));
    const typical = stated.reduce((a, b) => a + b, 0) / stated.length;
    expect(typical / scatter).toBeGreaterThan(0.85);
    expect(typical / scatter).toBeLessThan(1.15);
  });

  it('keeps parameters within their bounds, gives the best of the rest, and no error for one that ended on a bound', () => {
    const data = noisy(0);
    const { parameters, covariance } = nonlinearLeastSquares({
      rows: data.length,
      start: [5, 1],
      lower: [3, -10],
      errors: 'classical',
      residual: (i, [a = 0, b = 0], gradient) => {
        const [y, x] = data[i]!;
        gradient[0] = 1;
        gradient[1] = x;
        return y - a - b * x;
      },
    });
    const xy = data.reduce((s, [y, x]) => s + x * (y - 3), 0);
    const xx = data.reduce((s, [, x]) => s + x * x, 0);
    expect(parameters[0]).toBe(3);
    expect(parameters[1]).toBeCloseTo(xy / xx, 9);
    expect(covariance[0]).toBeNaN();
    expect(covariance[3]).toBeGreaterThan(0);
  });

  it('says that the data do not tell parameters apart by an error that is none', () => {
    const data = noisy(0);
    const { covariance } = nonlinearLeastSquares({
      rows: data.length,
      start: [1, 1],
      errors: 'classical',
      residual: (i, [a = 0, b = 0], gradient) => {
        const [y, x] = data[i]!;
        gradient[0] = x;
        gradient[1] = x;
        return y - (a + b) * x;
      },
    });
    expect(covariance[0]).toBeNaN();
  });
});
