import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantile } from '../../src/statistics/quantile.js';

describe('quantile', () => {
  test('interpolates linearly between order statistics, as type 7 of Hyndman & Fan', () => {
    const xs = [85, 1, 82, 81, 84, 83];
    expect(quantile(xs, 0.1)).toBe(41);
    expect(quantile(xs, 0.2)).toBe(81);
    expect(quantile(xs, 0.3)).toBe(81.5);
    expect([quantile(xs, 0), quantile(xs, 0.5), quantile(xs, 1)]).toEqual([1, 82.5, 85]);
  });
  test('does not touch its input', () => {
    const xs = Float64Array.of(3, 1, 2);
    quantile(xs, 0.5);
    expect([...xs]).toEqual([3, 1, 2]);
  });
  test('on 0…n−1 is p·(n−1)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        expect(
          quantile(
            Array.from({ length: n }, (_, i) => n - 1 - i),
            p,
          ),
        ).toBeCloseTo(p * (n - 1), 9);
      }),
    );
  });
  test('is not defined for nothing or outside 0 to 1', () =>
    expect([quantile([], 0.5), quantile([1], 1.1), quantile([1], NaN)]).toEqual([NaN, NaN, NaN]));
});
