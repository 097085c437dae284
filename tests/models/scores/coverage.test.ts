import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coverageOf } from '../../../src/models/scores/coverage.js';
import { intervalScore } from '../../../src/models/scores/interval-score.js';
import { pinballLoss } from '../../../src/models/scores/pinball.js';
import { wilsonInterval } from '../../../src/models/scores/wilson.js';
import { random } from '../../../src/random.js';

const of = (...values: number[]) => Float64Array.from(values);

describe('the interval of Wilson', () => {
  test.each([
    // Newcombe, Two-Sided Confidence Intervals for the Single Proportion, Statistics in Medicine 17 (1998), table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %s in %s is that of Newcombe', (hits, n, low, high) => {
    const found = wilsonInterval(hits / n, n);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });
  test('knows nothing from nothing', () => {
    expect(wilsonInterval(NaN, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('the interval score', () => {
  test('is the width, and what was missed times 2 ÷ (1 − coverage)', () => {
    expect(intervalScore(-1, 2, 0, 0.9)).toBe(3);
    expect(intervalScore(-1, 2, 2.5, 0.9)).toBeCloseTo(3 + 20 * 0.5, 10);
    expect(intervalScore(-1, 2, -1.1, 0.8)).toBeCloseTo(3 + 10 * 0.1, 10);
    for (const [low, high, value] of [
      [NaN, 1, 0],
      [0, NaN, 0],
      [0, 1, NaN],
    ] as const)
      expect(intervalScore(low, high, value, 0.9)).toBeNaN();
  });
  test('is the pinball loss of both ends, scaled', () => {
    const real = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(real, real, real, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (a, b, value, coverage) => {
        const tail = (1 - coverage) / 2;
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const both = pinballLoss(low, value, tail) + pinballLoss(high, value, 1 - tail);
        expect(intervalScore(low, high, value, coverage)).toBeCloseTo(both / tail, 8);
      }),
    );
  });
});

describe('coverage', () => {
  test('counts what is inside, edges too, and passes over what is missing', () => {
    const found = coverageOf({ low: of(0, 0, 0, NaN, 0), high: of(1, 2, 1, 1, 1), value: of(1, 0, 3, 0, NaN), nominal: 0.5 });
    expect(found).toMatchObject({ count: 3, share: 2 / 3, nominal: 0.5 });
    expect(found.width).toBeCloseTo(4 / 3, 12);
    expect(found.score).toBeCloseTo((1 + 2 + 1 + 4 * 2) / 3, 12);
    expect(coverageOf({ low: of(NaN), high: of(1), value: of(1), nominal: 0.9 })).toMatchObject({ count: 0, share: NaN, low: 0, high: 1 });
  });
  test('holds the promised share within its interval about as often as that says', () => {
    let held = 0;
    for (let seed = 0; seed < 300; seed++) {
      const draw = random(`cover-${seed}`);
      const value = Float64Array.from({ length: 200 }, () => draw.next());
      const { low, high } = coverageOf({ low: new Float64Array(200), high: new Float64Array(200).fill(0.9), value, nominal: 0.9 });
      if (low <= 0.9 && high >= 0.9) held++;
    }
    expect(held / 300).toBeGreaterThan(0.91);
    expect(held / 300).toBeLessThan(0.985);
  });
  test('is surer of rows that are evidence each than of rows that overlap', () => {
    const columns = { low: new Float64Array(40), high: new Float64Array(40).fill(1), value: new Float64Array(40), nominal: 0.9 };
    expect(coverageOf({ ...columns, independence: 0.1 }).low).toBeCloseTo(wilsonInterval(1, 4).low, 12);
  });
});
