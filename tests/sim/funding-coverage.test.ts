import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { fundingHoles, requireWholeFunding, type HeldFunding } from '../../src/sim/funding-coverage.js';
import { HOUR } from '../../src/time.js';

const JAN = Date.UTC(2024, 0, 1);
const held = (ts: readonly number[], hours: readonly number[] | number, from: number, to: number): HeldFunding => ({
  symbol: 'BTC/USDT:USDT',
  ts: Float64Array.from(ts),
  interval: Float64Array.from(ts, (_, i) => HOUR * (typeof hours === 'number' ? hours : (hours[i] ?? NaN))),
  rows: ts.length,
  from,
  to,
});
const errorOf = (work: () => void): UserError => {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('holes in funding', () => {
  it('are the settlements due inside the run that are not there, whatever was taken out', () => {
    const cases = fc.record({
      taken: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 55 }),
      jitter: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 60, maxLength: 60 }),
      from: fc.integer({ min: 0, max: 470 }),
      length: fc.integer({ min: 1, max: 470 }),
    });
    fc.assert(
      fc.property(cases, ({ taken, jitter, from: start, length }) => {
        const [from, to] = [JAN + start * HOUR, Math.min(JAN + (start + length) * HOUR, JAN + 60 * 8 * HOUR)];
        const due = Array.from({ length: 60 }, (_, k) => JAN + k * 8 * HOUR);
        const kept = due.flatMap((ts, k) => (taken.includes(k) ? [] : [ts + jitter[k]!]));
        const missed = due.filter((ts, k) => taken.includes(k) && ts > from && ts < to).length;
        const holes = fundingHoles(held(kept, 8, from, to));
        expect(holes.length > 0).toBe(missed > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('are counted', () => {
    const due = Array.from({ length: 60 }, (_, k) => JAN + k * 8 * HOUR);
    const kept = due.filter((_, k) => k >= 3 && (k < 10 || k > 14) && k !== 20 && k < 57);
    expect(fundingHoles(held(kept, 8, JAN, JAN + 60 * 8 * HOUR)).map(({ missing }) => missing)).toEqual([2, 5, 1, 3]);
  });

  it('are none where the interval changes, either way', () => {
    const hours = [8, 8, 8, 4, 4, 4, 1, 1, 1, 1, 8, 8, 8];
    const ts = hours.reduce<number[]>((all, h) => [...all, (all.at(-1) ?? JAN) + h * HOUR], []);
    expect(fundingHoles(held(ts, hours, JAN, ts.at(-1)! + 8 * HOUR))).toEqual([]);
    // The interval as the time until the next settlement, as some venues tell it.
    expect(fundingHoles(held(ts, [...hours.slice(1), 8], JAN, ts.at(-1)! + 8 * HOUR))).toEqual([]);
    // At 1 h one lost hour shows, beside a change too.
    for (const lost of [7, 8]) {
      const without = (_: number, i: number): boolean => i !== lost;
      expect(fundingHoles(held(ts.filter(without), hours.filter(without), JAN, ts.at(-1)!))).toHaveLength(1);
    }
  });
});

describe('funding with a hole', () => {
  const all = Array.from({ length: 60 }, (_, k) => JAN + k * 8 * HOUR);
  const end = JAN + 480 * HOUR;

  it('is bad data: the symbol, the hole and where none is missing are named', () => {
    const error = errorOf(() =>
      requireWholeFunding([
        held(
          all.filter((_, k) => k < 20 || k >= 23),
          8,
          JAN,
          end,
        ),
      ]),
    );
    expect(error).toMatchObject({ code: 'missing-funding', exitCode: 3 });
    expect(error.message).toBe(
      'BTC/USDT:USDT lacks 3 funding settlements inside the run, between 2024-01-07 08:00 and 2024-01-08 16:00 UTC.',
    );
    expect(error.fix).toContain('--from 2024-01-08T08:00Z --to 2024-01-21T00:00Z');
    expect(error.fix).toContain('--funding none');
  });

  it('can be run where the error says', () => {
    const subsets = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(subsets, subsets, (a, b) => {
        const given = [a, b].map(taken => all.filter((_, k) => !taken.includes(k)));
        const at = (from: number, to: number): HeldFunding[] => given.map(ts => held(ts, 8, from, to));
        if (at(JAN, end).flatMap(fundingHoles).length === 0) return;
        const fix = errorOf(() => requireWholeFunding(at(JAN, end))).fix ?? '';
        const [, from = '', to = ''] = /--from (\S+) --to (\S+)\)/.exec(fix) ?? [];
        requireWholeFunding(at(Date.parse(from), Date.parse(to)));
        expect(Date.parse(to) - Date.parse(from)).toBeGreaterThanOrEqual(8 * HOUR);
      }),
    );
  });
});
