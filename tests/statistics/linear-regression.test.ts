import fc from 'fast-check';
import * as simple from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { linearRegression } from '../../src/statistics/linear-regression.js';

describe('linearRegression', () => {
  test("fits Anscombe's first set as he printed it", () => {
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const { slope, intercept, rSquared } = linearRegression(x, y);
    expect(slope).toBeCloseTo(0.500090909, 9);
    expect(intercept).toBeCloseTo(3.000090909, 9);
    expect(rSquared).toBeCloseTo(0.66654246, 8);
  });
  test('agrees with simple-statistics', () => {
    const coordinate = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 40 }), points => {
        const x = points.map(p => p[0]);
        fc.pre(simple.variance(x) > 1e-2);
        const line = linearRegression(
          x,
          points.map(p => p[1]),
        );
        const { m, b } = simple.linearRegression(points);
        expect(Math.abs(line.slope - m)).toBeLessThan(1e-7);
        expect(Math.abs(line.intercept - b)).toBeLessThan(1e-5);
      }),
    );
  });
  test('has no slope where x does not vary, and refuses columns of unequal length', () => {
    expect(linearRegression([1, 1], [1, 2]).slope).toBeNaN();
    expect(() => linearRegression([1, 2], [1])).toThrow(RangeError);
  });
});
