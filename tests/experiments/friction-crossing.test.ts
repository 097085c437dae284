import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { monotone, trendOf, zeroCrossing } from '../../src/experiments/friction/monotone-crossing.js';

const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 7 });
const squares = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (v, i) => (v - b[i]!) * (v - b[i]!)).reduce((x, y) => x + y, 0);

/** The best falling fit by the min–max formula of isotonic regression (Robertson, Wright & Dykstra 1988), written out. */
const falling = (v: readonly number[]): number[] => {
  const average = (from: number, to: number): number => v.slice(from, to + 1).reduce((a, b) => a + b, 0) / (to - from + 1);
  return v.map((_, i) =>
    Math.min(...Array.from({ length: i + 1 }, (_x, s) => Math.max(...Array.from({ length: v.length - i }, (_y, t) => average(s, i + t))))),
  );
};

describe('a monotone fit', () => {
  test('is the falling sequence with the least squared distance', () => {
    fc.assert(
      fc.property(values, v => {
        const fitted = monotone(v, 'falling');
        falling(v).forEach((expected, i) => expect(fitted[i]).toBeCloseTo(expected, 9));
      }),
    );
  });

  test('rises where its mirror image falls', () => {
    fc.assert(
      fc.property(values, v => {
        const mirrored = monotone(
          v.map(x => -x),
          'falling',
        );
        monotone(v, 'rising').forEach((x, i) => expect(x + mirrored[i]!).toBeCloseTo(0, 12));
      }),
    );
  });

  test('has the trend that fits better, and falls when neither does', () => {
    fc.assert(
      fc.property(values, v => {
        const [up, down] = [squares(v, monotone(v, 'rising')), squares(v, monotone(v, 'falling'))];
        expect(trendOf(v)).toBe(up < down ? 'rising' : 'falling');
      }),
    );
    expect(trendOf([1, 1, 1])).toBe('falling');
  });
});

describe('a zero crossing', () => {
  test('of a straight line is where the line is zero', () => {
    const at = fc.double({ min: 0.01, max: 9.99, noNaN: true });
    const slope = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(at, slope, (place, steepness) => {
        const places = [0, 1, 2.5, 7, 10];
        const line = places.map(x => steepness * (place - x));
        expect(zeroCrossing(places, line, 'falling')).toBeCloseTo(place, 9);
        expect(
          zeroCrossing(
            places,
            line.map(y => -y),
            'rising',
          ),
        ).toBeCloseTo(place, 9);
      }),
    );
  });

  test('is beyond the places where there is none between them', () => {
    expect(zeroCrossing([0, 1], [3, 1], 'falling')).toBe(Infinity);
    expect(zeroCrossing([0, 1], [-1, -3], 'falling')).toBe(-Infinity);
    expect(zeroCrossing([0, 1], [0, -3], 'falling')).toBe(-Infinity);
    expect(zeroCrossing([0, 1], [-3, -1], 'rising')).toBe(Infinity);
    expect(zeroCrossing([0, 1], [1, 3], 'rising')).toBe(-Infinity);
    // What is exactly nothing is no edge.
    expect(zeroCrossing([0, 1, 2], [2, 0, -1], 'falling')).toBe(1);
  });
});
