import fc from 'fast-check';
import * as simple from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { excessKurtosis, mean, skewness, standardDeviation, variance } from '../../src/statistics/moments.js';

const sample = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 4, maxLength: 60 });
const near = (a: number, b: number, scale: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * scale);

describe('moments', () => {
  test('mean and variance agree with simple-statistics', () => {
    fc.assert(
      fc.property(sample, xs => {
        near(mean(xs), simple.mean(xs), 1000);
        near(variance(xs), simple.sampleVariance(xs), 1e6);
        near(variance(xs, 0), simple.variance(xs), 1e6);
        near(standardDeviation(xs), simple.sampleStandardDeviation(xs), 1e3);
      }),
    );
  });
  test('skewness and kurtosis are the population forms of the sample forms of simple-statistics', () => {
    fc.assert(
      fc.property(sample, xs => {
        fc.pre(variance(xs) > 1e-3);
        const n = xs.length;
        near(skewness(xs), (simple.sampleSkewness(xs) * (n - 2)) / Math.sqrt(n * (n - 1)), 1e3);
        near(excessKurtosis(xs), (simple.sampleKurtosis(xs) * (n - 2) * (n - 3)) / ((n - 1) * (n + 1)) - 6 / (n + 1), 1e3);
      }),
    );
  });
  test('a fair coin has skewness 0 and excess kurtosis −2', () => {
    expect(skewness([1, -1, 1, -1])).toBe(0);
    expect(excessKurtosis([1, -1, 1, -1])).toBe(-2);
  });
  test('equal values have exactly no variance, even where n·x ÷ n is not x', () => {
    for (const [n, x] of [
      [3, 0.003],
      [3, 0.011],
      [1000, 0.01],
    ] as const) {
      const xs = new Float64Array(n).fill(x);
      expect([mean(xs), variance(xs)]).toEqual([x, 0]);
      expect(skewness(xs)).toBeNaN();
    }
  });
  test('a large level does not swamp a small variance', () => expect(variance([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1));
  test('too few values have none', () => expect([mean([]), variance([1]), variance([], 0)]).toEqual([NaN, NaN, NaN]));
});
