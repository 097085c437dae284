import { describe, expect, test } from 'vitest';
import { random } from '../../src/random.js';
import { autocorrelation, autocovariance } from '../../src/statistics/autocorrelation.js';

describe('autocorrelation', () => {
  test('by hand on 1 2 3 4 with divisor n', () => {
    // Deviations −1.5 −0.5 0.5 1.5: squares sum to 5, neighbours to 0.75 − 0.25 + 0.75.
    expect(autocovariance([1, 2, 3, 4], 0)).toBe(1.25);
    expect(autocorrelation([1, 2, 3, 4], 1)).toBe(0.25);
    expect(autocorrelation([1, 2, 3, 4], 3)).toBeCloseTo(-0.45, 15);
  });
  test('of an AR(1) law falls as ρ to the lag', () => {
    const draw = random(5);
    const xs = new Float64Array(200_000);
    for (let i = 1; i < xs.length; i++) xs[i] = 0.6 * xs[i - 1]! + draw.normal();
    for (const [lag, expected] of [
      [1, 0.6],
      [2, 0.36],
      [3, 0.216],
    ] as const)
      expect(Math.abs(autocorrelation(xs, lag) - expected)).toBeLessThan(0.01);
  });
  test('is not defined past the data or without variation', () =>
    expect([autocorrelation([1, 2], 2), autocorrelation([1, 1, 1], 1)]).toEqual([NaN, NaN]));
});
