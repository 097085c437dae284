import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LimitView } from '../../../src/dashboard/api/accounts-api.js';
import { byUse, isTighter, typedLimit } from '../../../src/dashboard/web/risk/limit-rows.js';
import { limitText, limitTyped } from '../../../src/dashboard/web/risk/limit-text.js';
import { effectiveLimit, LIMIT_NAMES, tighterLimit } from '../../../src/risk/change-limits.js';

const view = (path: string, use: number | null, more: Partial<LimitView> = {}): LimitView => ({
  path,
  scope: '',
  title: path,
  unit: 'fraction',
  limit: 1,
  used: use,
  use,
  of: null,
  ...more,
});

describe('limits on the page', () => {
  it('say tighter exactly where the session itself would', () => {
    const none = { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null };
    for (const name of LIMIT_NAMES) {
      const isFlag = typeof effectiveLimit(name, none) === 'boolean';
      const values = isFlag ? [true, false] : [null, 0.1, 0.5, 1, 2, 60_000];
      for (const before of values)
        for (const after of values)
          if (after !== before)
            expect(isTighter(name, before, after), `${name} ${before} → ${after}`).toBe(tighterLimit(name, before, after) === after);
    }
  });

  it('stand by their use, then those without a use, then those that are off', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({
            path: fc.stringMatching(/^[a-z]{1,6}$/),
            use: fc.option(fc.double({ min: 0, max: 3, noNaN: true })),
            isOff: fc.boolean(),
          }),
          { selector: ({ path }) => path, maxLength: 12 },
        ),
        rows => {
          const sorted = byUse(rows.map(({ path, use, isOff }) => view(path, isOff ? null : use, isOff ? { limit: null } : {})));
          const group = ({ limit, use }: LimitView): number => (limit === null ? 2 : use === null ? 1 : 0);
          for (let at = 1; at < sorted.length; at++) {
            const [a, b] = [sorted[at - 1]!, sorted[at]!];
            expect(group(a)).toBeLessThanOrEqual(group(b));
            if (group(a) === 0 && group(b) === 0) expect(a.use! - b.use!).toBeGreaterThanOrEqual(-0.001);
          }
        },
      ),
    );
  });

  it('keep their order while a figure moves by less than anyone sees', () => {
    const order = (a: number, b: number): string =>
      byUse([view('b', b), view('a', a)])
        .map(({ path }) => path)
        .join('');
    expect(order(0.5001, 0.5003)).toBe('ab');
    expect(order(0.5003, 0.5001)).toBe('ab');
    expect(order(0.5, 0.52)).toBe('ba');
  });

  it('are read as they are typed', () => {
    expect(typedLimit('50%', 'fraction')).toEqual({ value: 0.5 });
    expect(typedLimit('0.07', 'fraction')).toEqual({ value: 0.07 });
    expect(typedLimit('7 %', 'fraction')).toEqual({ value: 0.07 });
    expect(typedLimit('10,000', 'money')).toEqual({ value: 10_000 });
    expect(typedLimit('90s', 'ms')).toEqual({ value: 90_000 });
    expect(typedLimit('1d', 'ms')).toEqual({ value: 86_400_000 });
    expect(typedLimit('off', 'count')).toEqual({ value: null });
    expect(typedLimit('off', 'flag')).toEqual({ value: false });
    for (const [typed, unit] of [
      ['', 'money'],
      ['much', 'money'],
      ['-1', 'money'],
      ['0', 'fraction'],
      ['50%', 'money'],
      ['2.5', 'count'],
      ['Infinity', 'money'],
      ['%', 'fraction'],
      ['yes', 'flag'],
    ] as const)
      expect(typedLimit(typed, unit), typed).toHaveProperty('wrong');
  });

  it('come back from the field as they went into it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.constantFrom('fraction', 'money', 'bp', 'ms', 'multiple'),
        (value, unit) => {
          const read = typedLimit(limitTyped(value, unit), unit);
          expect('value' in read && typeof read.value === 'number' ? read.value / value : NaN).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('are written in their unit', () => {
    expect(limitText(null, 'money')).toBe('off');
    expect(limitText(true, 'flag')).toBe('on');
    expect(limitText(0.25, 'fraction')).toBe('25.0%');
    expect(limitText(60_000, 'ms')).toBe('1 min');
    expect(limitText(3, 'bp')).toBe('3.0 bp');
    expect(limitText(20, 'count')).toBe('20');
  });
});
