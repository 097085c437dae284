import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { power } from '../../src/numeric/pow.js';

describe('power', () => {
  test('is exact where the result is a whole number that a double holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40, max: 40 }), fc.integer({ min: 0, max: 9 }), (x, n) => {
        let exact = 1n;
        for (let i = 0; i < n; i++) exact *= BigInt(x);
        fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER) && exact >= BigInt(Number.MIN_SAFE_INTEGER));
        expect(power(x, n) + 0).toBe(Number(exact));
      }),
    );
  });
  test('takes the correctly rounded square root for 0.5', () => expect(power(2, 0.5)).toBe(Math.SQRT2));
  test('inverts for negative whole exponents', () =>
    expect([power(2, -3), power(-2, -3), power(0, -1)]).toEqual([0.125, -0.125, Infinity]));
  test('multiplies when exponents add, to rounding', () => {
    const exponent = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), exponent, exponent, (x, a, b) => {
        expect(power(x, a) * power(x, b)).toSatisfy((p: number) => Math.abs(p / power(x, a + b) - 1) < 1e-12);
      }),
    );
  });
  test('knows the published growth figures', () => {
    expect(power(1.01, 252)).toBeCloseTo(12.27400209924022, 11);
    expect(power(2, 1 / 3)).toBeCloseTo(1.2599210498948732, 15);
  });
  test('has the edges of the built-in power', () => {
    expect([power(5, 0), power(0, 0), power(NaN, 0), power(0, 0.3), power(-1, 0.3), power(2, NaN), power(1, 3)]).toEqual([
      1,
      1,
      1,
      0,
      NaN,
      NaN,
      1,
    ]);
    expect([power(2, 2000), power(0.5, 2000), power(10, Infinity), power(10, -Infinity)]).toEqual([Infinity, 0, Infinity, 0]);
  });
});
