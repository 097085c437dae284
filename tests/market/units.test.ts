import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact, toAmount, toMoney, units } from '../../src/market/units.js';

/** n steps of 10^-digits × mantissa, written as a decimal without any floating-point arithmetic. */
const decimal = (n: number, mantissa: number, digits: number): number => {
  const text = (BigInt(n) * BigInt(mantissa)).toString().padStart(digits + 1, '0');
  return Number(digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`);
};

/** Steps that venues use: mantissa and digits. */
const STEPS = [
  { step: 1, mantissa: 1, digits: 0 },
  { step: 10, mantissa: 10, digits: 0 },
  { step: 0.5, mantissa: 5, digits: 1 },
  { step: 0.25, mantissa: 25, digits: 2 },
  { step: 0.1, mantissa: 1, digits: 1 },
  { step: 0.05, mantissa: 5, digits: 2 },
  { step: 0.001, mantissa: 1, digits: 3 },
  { step: 0.00001, mantissa: 1, digits: 5 },
  { step: 1e-7, mantissa: 1, digits: 7 },
  { step: 1e-8, mantissa: 1, digits: 8 },
] as const;

describe('units', () => {
  it('names prices and quantities by the nearest double of their decimal: three ticks of 0.1 are 0.3', () => {
    expect(units({ tickSize: 0.1, lotSize: 0.1 }).price(3)).toBe(0.3);
    expect(units({ tickSize: 0.1, lotSize: 0.001 }).quantity(-7)).toBe(-0.007);
    fc.assert(
      fc.property(fc.constantFrom(...STEPS), fc.integer({ min: 0, max: 2_000_000_000 }), ({ step, mantissa, digits }, n) => {
        const u = units({ tickSize: step, lotSize: step });
        expect(u.price(n)).toBe(decimal(n, mantissa, digits));
        expect(u.quantity(n)).toBe(decimal(n, mantissa, digits));
      }),
    );
  });

  it('finds the step that a decimal lies on, rounding in any direction, also beyond ten million steps', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STEPS), fc.integer({ min: 1, max: 2_000_000_000 }), ({ step, mantissa, digits }, n) => {
        const u = units({ tickSize: step, lotSize: step });
        const value = decimal(n, mantissa, digits);
        expect([u.ticks(value), u.ticksDown(value), u.ticksUp(value), u.lots(value), u.lots(-value)]).toEqual([n, n, n, n, -n]);
      }),
      { numRuns: 2000 },
    );
  });

  it('rounds prices to the nearest, the lower and the upper tick, and quantities toward zero', () => {
    const u = units({ tickSize: 0.1, lotSize: 0.001 });
    expect([u.ticks(100.04), u.ticks(100.06)]).toEqual([1000, 1001]);
    expect([u.ticksDown(100.09), u.ticksUp(100.01)]).toEqual([1000, 1001]);
    expect([u.lots(0.0019), u.lots(-0.0019), u.lots(0.0009)]).toEqual([1, -1, 0]);
    expect(Math.abs(u.lots(-0.0009))).toBe(0);
  });

  it('does not take a millionth of a step for rounding noise', () => {
    const u = units({ tickSize: 0.1, lotSize: 0.001 });
    expect(u.ticksDown(99.9999999)).toBe(999);
    expect(u.ticksUp(100.0000001)).toBe(1001);
    expect(u.lots(0.001999999)).toBe(1);
  });

  it('values lots at ticks exactly to 1e-8, with the sign of the lots', () => {
    fc.assert(
      fc.property(
        fc.constantFrom([0.1, 0.001, 10_000n], [0.01, 1, 1_000_000n], [0.5, 0.25, 12_500_000n], [1e-8, 1, 1n], [
          0.0001,
          0.0001,
          1n,
        ] as const),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        ([tickSize, lotSize, amount], ticks, lots) => {
          const expected = BigInt(ticks) * BigInt(lots) * BigInt(amount);
          if (expected > BigInt(Number.MAX_SAFE_INTEGER) || expected < BigInt(Number.MIN_SAFE_INTEGER))
            expect(() => units({ tickSize, lotSize }).notional(ticks, lots)).toThrow(RangeError);
          else expect(units({ tickSize, lotSize }).notional(ticks, lots)).toBe(Number(expected));
        },
      ),
    );
  });

  it('rounds half away from zero where tick × lot is finer than 1e-8, alike for longs and shorts', () => {
    const u = units({ tickSize: 1e-8, lotSize: 0.1 });
    expect([u.notional(4, 1), u.notional(5, 1), u.notional(15, 1), u.notional(25, 1)].map(x => x + 0)).toEqual([0, 1, 2, 3]);
    expect([u.notional(4, -1), u.notional(5, -1), u.notional(15, -1), u.notional(25, -1)].map(x => x + 0)).toEqual([0, -1, -2, -3]);
    // Far below 1e-8 a step: 10,000 × 10,000 steps of 1e-15 are ten of 1e-8.
    expect(units({ tickSize: 1e-8, lotSize: 1e-7 }).notional(10_000, 10_000)).toBe(10);
    // Twenty-five million tenths of a coin at 0.00001234: 30.85.
    expect(toMoney(u.notional(1234, 25_000_000))).toBe(30.85);
  });

  it('refuses figures that a double cannot hold exactly', () => {
    const u = units({ tickSize: 0.1, lotSize: 0.001 });
    expect(u.notional(1_000_000, 900_000)).toBe(9e15);
    expect(() => u.notional(1_000_000, 1_000_000)).toThrow(/cannot be booked exactly/);
    expect(() => exact(2 ** 53, 'a cash balance')).toThrow(/^a cash balance is 9007199254740992/);
    expect(() => exact(0.5, 'x')).toThrow(RangeError);
    expect(() => exact(NaN, 'x')).toThrow(RangeError);
    expect(() => toAmount(90_071_993)).toThrow(RangeError);
  });

  it('turns money into amounts half away from zero', () => {
    expect([toAmount(1.23), toAmount(-1.23), toAmount(0.5e-8), toAmount(-0.5e-8), toAmount(1.4e-8), toAmount(-1.4e-8)]).toEqual([
      123_000_000, -123_000_000, 1, -1, 1, -1,
    ]);
    expect(toMoney(-150_000_000)).toBe(-1.5);
  });
});
