import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { midRanks } from '../../src/statistics/mid-ranks.js';
import { pairedCorrelation } from '../../src/statistics/paired-correlation.js';

const spearman = (x: readonly number[], y: readonly number[]): number =>
  pairedCorrelation(midRanks(Float64Array.from(x)), midRanks(Float64Array.from(y)));

/** Rank of a value by counting: one more than those below, and half of those that are equal to it. */
const counted = (values: readonly number[]): number[] =>
  values.map(value => 1 + values.filter(other => other < value).length + (values.filter(other => other === value).length - 1) / 2);

const few = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { maxLength: 30 });

describe('midRanks', () => {
  test('counts what is below, and shares the places of equal values', () => {
    fc.assert(
      fc.property(few, values => {
        expect([...midRanks(Float64Array.from(values))]).toEqual(counted(values));
      }),
    );
  });

  test('passes over what is missing', () => {
    expect([...midRanks(Float64Array.of(5, NaN, 1, 5))]).toEqual([2.5, NaN, 1, 2.5]);
  });
});

describe('pairedCorrelation', () => {
  test('of ranks is the published ρ of IQ and hours of television (−29 ÷ 165)', () => {
    expect(spearman([106, 100, 86, 101, 99, 103, 97, 113, 112, 110], [7, 27, 2, 50, 28, 29, 20, 12, 6, 17])).toBeCloseTo(-29 / 165, 12);
  });

  test('of ranks with ties is Pearson’s formula of sums over counted ranks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), { minLength: 3, maxLength: 25 }),
        pairs => {
          const [a, b] = [counted(pairs.map(([x]) => x)), counted(pairs.map(([, y]) => y))];
          const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
          const product = (u: readonly number[], v: readonly number[]): number =>
            u.length * total(u.map((value, i) => value * v[i]!)) - total(u) * total(v);
          const expected = product(a, b) / Math.sqrt(product(a, a) * product(b, b));
          const found = spearman(
            pairs.map(([x]) => x),
            pairs.map(([, y]) => y),
          );
          if (Number.isNaN(expected)) expect(found).toBeNaN();
          else expect(found).toBeCloseTo(expected, 10);
        },
      ),
    );
  });

  test('leaves out pairs of which one number is missing, and is not defined for what does not vary', () => {
    const whole = pairedCorrelation(Float64Array.of(1, 2, 4), Float64Array.of(3, 1, 2));
    expect(pairedCorrelation(Float64Array.of(1, NaN, 2, 4, 9), Float64Array.of(3, 50, 1, 2, NaN))).toBe(whole);
    expect(pairedCorrelation(Float64Array.of(1, 1, 1), Float64Array.of(1, 2, 3))).toBeNaN();
  });
});
