import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sum } from '../../src/numeric/sum.js';

describe('sum', () => {
  test("keeps what plain addition loses: Neumaier's own example", () => expect(sum([1, 1e100, 1, -1e100])).toBe(2));
  test('is right to the last bit but one, against exact integers, for numbers of very different size', () => {
    const number = fc.record({ m: fc.integer({ min: -1e9, max: 1e9 }), e: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), parts => {
        const values = parts.map(({ m, e }) => m * Number(1n << BigInt(e)));
        const exact = Number(parts.reduce((total, { m, e }) => total + (BigInt(m) << BigInt(e)), 0n));
        const size = values.reduce((total, x) => total + Math.abs(x), 0);
        expect(Math.abs(sum(values) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 2.3e-16 + size * 1e-27);
      }),
    );
  });
  test('does not drift over a million tenths', () => expect(sum(new Float64Array(1e6).fill(0.1))).toBe(100000));
  test('is 0 for nothing and infinite past the range of a double', () => expect([sum([]), sum([1e308, 1e308])]).toEqual([0, Infinity]));
});
