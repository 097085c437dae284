import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { random } from '../../src/random.js';
import { clusterOrder } from '../../src/statistics/cluster-order.js';
import { standardDeviation } from '../../src/statistics/moments.js';
import { neweyWestError } from '../../src/statistics/newey-west.js';
import { populationStability } from '../../src/statistics/population-stability.js';
import { circularShifts, shiftProbability } from '../../src/statistics/shifts.js';
import { twoSampleDistance } from '../../src/statistics/two-sample-distance.js';

describe('populationStability', () => {
  test('is the sum over bins by hand, the same both ways, and 0 for equal shares', () => {
    const before = Float64Array.of(50, 30, 20);
    const after = Float64Array.of(30, 40, 30);
    const byHand = -0.2 * Math.log(0.3 / 0.5) + 0.1 * Math.log(0.4 / 0.3) + 0.1 * Math.log(0.3 / 0.2);
    expect(populationStability(before, after)).toBeCloseTo(byHand, 12);
    expect(populationStability(after, before)).toBeCloseTo(byHand, 12);
    expect(populationStability(before, Float64Array.of(5, 3, 2))).toBeCloseTo(0, 12);
  });

  test('counts an empty bin as half a sample, and one that is empty twice not at all', () => {
    const byHand = (0.5 / 20.5 - 0.5) * Math.log(0.5 / 20.5 / 0.5) + (20 / 20.5 - 0.5) * Math.log(20 / 20.5 / 0.5);
    expect(populationStability(Float64Array.of(10, 10), Float64Array.of(0, 20))).toBeCloseTo(byHand, 12);
    expect(populationStability(Float64Array.of(10, 10), Float64Array.of(0, 0))).toBeNaN();
    expect(populationStability(Float64Array.of(10, 0, 10), Float64Array.of(10, 0, 10))).toBe(0);
  });
});

describe('twoSampleDistance', () => {
  test('is the largest difference of shares at any value, looked for value by value', () => {
    const values = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const share = (of: readonly number[], at: number): number => of.filter(value => value <= at).length / of.length;
        const slow = Math.max(...[...a, ...b].map(at => Math.abs(share(a, at) - share(b, at))));
        expect(twoSampleDistance(Float64Array.from(a), Float64Array.from(b))).toBeCloseTo(slow, 12);
      }),
    );
  });

  test('is 1 for samples apart, and not defined for an empty one', () => {
    expect(twoSampleDistance(Float64Array.of(1, 2, NaN), Float64Array.of(3, 4))).toBe(1);
    expect(twoSampleDistance(Float64Array.of(NaN), Float64Array.of(3))).toBeNaN();
  });
});

describe('neweyWestError', () => {
  test('without lags is the standard deviation over √n', () => {
    const values = [0.3, -0.1, 0.7, 0.2, -0.4];
    expect(neweyWestError(values, 0)).toBeCloseTo(standardDeviation(values) / Math.sqrt(5), 12);
  });

  test('with one lag is the formula by hand', () => {
    // Mean 0; squares sum to 4, neighbours multiply to −3: (4 + 2 × ½ × −3) ÷ 4 ÷ 3.
    expect(neweyWestError([1, -1, 1, -1], 1)).toBeCloseTo(Math.sqrt(1 / 4 / 3), 12);
  });

  test('is about twice the plain error of a mean of values that remember by 0.6', () => {
    const draw = random('newey-west');
    const values = new Float64Array(20_000);
    for (let i = 1; i < values.length; i++) values[i] = 0.6 * values[i - 1]! + draw.normal();
    // √((1 + 0.6) ÷ (1 − 0.6)) = 2.
    expect(neweyWestError(values, 60) / neweyWestError(values, 0)).toBeCloseTo(2, 0);
  });
});

describe('clusterOrder', () => {
  /** The same by its definition: the mean over all pairs of members, computed anew for each join. */
  const slow = (distance: Float64Array, n: number): number[] => {
    let groups = Array.from({ length: n }, (_, item) => [item]);
    while (groups.length > 1) {
      let best: readonly [number, number, number] = [Infinity, 0, 0];
      groups.forEach((a, i) =>
        groups.forEach((b, j) => {
          if (j <= i) return;
          const mean = a.reduce((sum, x) => sum + b.reduce((inner, y) => inner + distance[x * n + y]!, 0), 0) / (a.length * b.length);
          if (mean < best[0] - 1e-12) best = [mean, i, j];
        }),
      );
      const [, i, j] = best;
      groups = groups.flatMap((group, k) => (k === j ? [] : k === i ? [[...group, ...groups[j]!]] : [group]));
    }
    return groups[0] ?? [];
  };

  test('joins by the mean over all pairs, as its definition done slowly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer(), (n, seed) => {
        const draw = random(seed);
        const distance = new Float64Array(n * n);
        for (let i = 0; i < n; i++)
          for (let j = i + 1; j < n; j++) {
            distance[i * n + j] = draw.next();
            distance[j * n + i] = distance[i * n + j]!;
          }
        expect([...clusterOrder(distance, n)]).toEqual(slow(distance, n));
      }),
    );
  });

  test('puts alike items side by side and gives every item once, missing distances too', () => {
    // 0 and 2 are near, 1 and 3 are near.
    const near = (a: number, b: number): number => (a === b ? 0 : a % 2 === b % 2 ? 0.1 : 0.9);
    const distance = Float64Array.from({ length: 16 }, (_, k) => near(Math.floor(k / 4), k % 4));
    expect([...clusterOrder(distance, 4)]).toEqual([0, 2, 1, 3]);
    expect([...clusterOrder(new Float64Array(9).fill(NaN), 3)].sort()).toEqual([0, 1, 2]);
    expect(clusterOrder(new Float64Array(0), 0)).toHaveLength(0);
  });
});

describe('circularShifts', () => {
  test('are distinct, ascending and away from both ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 100 }),
        (length, least, count) => {
          const shifts = [...circularShifts(length, least, count, 1)];
          expect(shifts).toHaveLength(Math.max(0, Math.min(count, length - 2 * least + 1)));
          for (const [i, shift] of shifts.entries()) {
            expect(shift).toBeGreaterThanOrEqual(least);
            expect(shift).toBeLessThanOrEqual(length - least);
            if (i > 0) expect(shift).toBeGreaterThan(shifts[i - 1]!);
          }
        },
      ),
    );
  });

  test('give a probability that counts the observed figure among the turned ones', () => {
    expect(shiftProbability(3, Float64Array.of(1, 2, 3, 4))).toBe(3 / 5);
    expect(shiftProbability(9, Float64Array.of(1, 2, 3, 4))).toBe(1 / 5);
    expect(shiftProbability(1, new Float64Array(0))).toBeNaN();
  });
});
