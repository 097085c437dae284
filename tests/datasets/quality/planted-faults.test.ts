import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../src/datasets/quality/checks.js';
import { duplicates } from '../../../src/datasets/quality/duplicates.js';
import { outOfOrder } from '../../../src/datasets/quality/out-of-order.js';
import type { Finding, Series } from '../../../src/datasets/series.js';
import { HOUR } from '../../../src/time.js';
import { contextOf, randomBars } from './random-bars.js';

const ROWS = 400;
const seed = fc.integer({ min: 0, max: 1e6 });
const row = fc.integer({ min: 5, max: ROWS - 6 });
const errors = (findings: readonly Finding[]): Finding[] => findings.filter(found => found.severity === 'error');
const check = (series: Series): Finding[] => runChecks(series, contextOf(HOUR));
const column = (series: Series, index: number): Float64Array => series.columns[index] ?? new Float64Array(0);
const without = (series: Series, from: number, to: number): Series => {
  const cut = (values: Float64Array): Float64Array => Float64Array.from([...values.subarray(0, from), ...values.subarray(to)]);
  return { ...series, rows: series.rows - (to - from), ts: cut(series.ts), columns: series.columns.map(cut) };
};

/** Plants one fault at a random row of a clean series and expects exactly this code, at that line. */
const planted = (name: string, code: string, plant: (series: Series, at: number) => Series | void): void => {
  test(name, () => {
    fc.assert(
      fc.property(seed, row, (s, at) => {
        const series = randomBars(s, ROWS);
        const found = check(plant(series, at) ?? series).find(one => one.code === code);
        expect(found).toBeDefined();
        expect(found?.file).toBe('bars.csv');
        expect(found?.row).toBe(at + 2);
        expect(found?.message).toContain(`line ${at + 2}`);
      }),
      { numRuns: 40 },
    );
  });
};

describe('a fault planted in a clean series is found on its line', () => {
  test('a clean series has no error and no warning', () => {
    fc.assert(
      fc.property(seed, s => {
        expect(check(randomBars(s, ROWS))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  planted('high below low', 'high-below-low', (series, at) => {
    column(series, 1)[at] = (column(series, 2)[at] ?? 0) - 1;
  });
  planted('a close outside the range', 'outside-range', (series, at) => {
    column(series, 3)[at] = (column(series, 1)[at] ?? 0) + 1;
  });
  planted('a price of zero', 'bad-price', (series, at) => {
    column(series, 2)[at] = 0;
  });
  planted('a negative price', 'bad-price', (series, at) => {
    column(series, 0)[at] = -1;
  });
  planted('a close that is not a number', 'bad-price', (series, at) => {
    column(series, 3)[at] = NaN;
  });
  planted('a close ten times too high for one bar', 'price-spike', (series, at) => {
    column(series, 3)[at] = (column(series, 3)[at] ?? 0) * 10;
    column(series, 1)[at] = (column(series, 1)[at] ?? 0) * 10;
  });
  planted('a wick to four times the price', 'wick-spike', (series, at) => {
    column(series, 1)[at] = (column(series, 1)[at] ?? 0) * 4;
  });
  planted('a lasting step to 3.7 times the price', 'level-jump', (series, at) => {
    for (const k of [0, 1, 2, 3]) for (let i = at; i < ROWS; i++) column(series, k)[i] = (column(series, k)[i] ?? 0) * 3.7;
  });
  planted('a redenomination of 1:1000 without a halt', 'redenomination', (series, at) => {
    for (const k of [0, 1, 2, 3]) for (let i = at; i < ROWS; i++) column(series, k)[i] = (column(series, k)[i] ?? 0) / 1000;
  });
  planted('a bar that repeats the one before', 'stale-run', (series, at) => {
    for (const values of series.columns) values[at] = values[at - 1] ?? NaN;
  });
  planted('a row half an hour late', 'off-grid', (series, at) => {
    series.ts[at] = (series.ts[at] ?? 0) + HOUR / 2;
  });
  planted('a missing bar', 'gap', (series, at) => without(series, at, at + 1));
  planted('a negative volume', 'negative-quantity', (series, at) => {
    column(series, 4)[at] = -3;
  });

  test('a block that repeats another one at some distance', () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 60, max: 300 }),
        fc.integer({ min: 10, max: 50 }),
        fc.integer({ min: 2, max: 8 }),
        (s, at, lag, length) => {
          const series = randomBars(s, ROWS);
          for (const values of series.columns) values.copyWithin(at, at - lag, at - lag + length);
          const found = check(series).find(one => one.code === 'repeated-block');
          expect(found?.row).toBe(at + 2);
          expect(found?.count).toBe(length);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a hole of exactly one page of a venue is told from an ordinary gap and from a halt', () => {
    const series = randomBars(1, 2_000);
    const page = check(without(series, 300, 800)).find(one => one.code === 'pagination-hole');
    expect(page).toMatchObject({ row: 302, count: 500, severity: 'error' });
    const halt = check(without(series, 300, 801)).find(one => one.code === 'long-halt');
    expect(halt).toMatchObject({ row: 302, count: 501, severity: 'error' });
    expect(halt?.message).toContain('502 hours');
    const gap = check(without(series, 300, 303)).find(one => one.code === 'gap');
    expect(gap).toMatchObject({ row: 302, count: 3, severity: 'warning' });
  });

  test('rows out of order, repeated rows and rows that contradict each other', () => {
    fc.assert(
      fc.property(seed, row, fc.boolean(), (s, at, identical) => {
        const series = randomBars(s, ROWS);
        const swapped = { ...series, ts: series.ts.slice() };
        swapped.ts[at] = series.ts[at - 1] ?? NaN;
        swapped.ts[at - 1] = series.ts[at] ?? NaN;
        expect(outOfOrder(swapped, contextOf(HOUR))).toMatchObject([{ code: 'out-of-order', row: at + 2, count: 1 }]);
        expect(outOfOrder(series, contextOf(HOUR))).toEqual([]);

        series.ts[at] = series.ts[at - 1] ?? NaN;
        if (identical) for (const values of series.columns) values[at] = values[at - 1] ?? NaN;
        const expected = { code: identical ? 'duplicate' : 'conflicting-duplicate', row: at + 2, count: 1 };
        expect(duplicates(series, contextOf(HOUR))).toMatchObject([expected]);
      }),
      { numRuns: 40 },
    );
  });

  test('a halt with a new price in a round ratio is a redenomination, in any other an asset under an old name', () => {
    const after = (ratio: number): Finding[] => {
      const series = without(randomBars(3, ROWS), 200, 320);
      for (const k of [0, 1, 2, 3]) for (let i = 200; i < series.rows; i++) column(series, k)[i] = (column(series, k)[i] ?? 0) * ratio;
      const [open, , , close] = series.columns;
      const scale = (ratio * (close?.[199] ?? 1)) / (open?.[200] ?? 1);
      for (const k of [0, 1, 2, 3]) for (let i = 200; i < series.rows; i++) column(series, k)[i] = (column(series, k)[i] ?? 0) * scale;
      return errors(check(series)).filter(found => found.row === 202);
    };
    expect(after(0.01)).toMatchObject([{ code: 'redenomination' }]);
    expect(after(0.01)[0]?.message).toContain('1:100');
    expect(after(25)).toMatchObject([{ code: 'redenomination' }]);
    expect(after(171_115)).toMatchObject([{ code: 'symbol-reuse' }]);
    expect(after(1.02)).toEqual([]);
  });
});
