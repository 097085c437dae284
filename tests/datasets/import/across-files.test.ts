import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFiles } from '../../../src/datasets/import/read-files.js';
import { inWorkspace } from '../workspace.js';

const JAN = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;

/** Hourly bars whose closes are the values by hour; the bar of an hour without one is missing. */
const csv = (closes: ReadonlyMap<number, number>): string =>
  `ts,open,high,low,close,volume\n${[...closes]
    .sort(([a], [b]) => a - b)
    .map(([hour, close]) => `${JAN + hour * HOUR},100,120,80,${close},${hour + 1}\n`)
    .join('')}`;

const imported = (files: readonly ReadonlyMap<number, number>[], options: { duplicates?: 'first' | 'last'; mode?: 'strict' | 'report' }) =>
  inWorkspace(async folder => {
    const paths = files.map((_, i) => join(folder, `file-${i}.csv`));
    for (const [i, file] of files.entries()) await writeFile(paths[i] ?? '', csv(file));
    return readFiles(paths, { mode: 'report', exchange: 'bybit', symbol: 'BTC/USDT:USDT', kind: 'bars', timeframe: '1h', ...options });
  });

const closesOf = (all: Awaited<ReturnType<typeof imported>>): Map<number, number> =>
  new Map(
    all.flatMap(({ series }) =>
      Array.from({ length: series.rows }, (_, i): [number, number] => [
        ((series.ts[i] ?? NaN) - JAN) / HOUR,
        series.columns[3]?.[i] ?? NaN,
      ]),
    ),
  );

const hours = (from: number, to: number, close = 100): Map<number, number> =>
  new Map(Array.from({ length: to - from }, (_, i) => [from + i, close]));

describe('files of one import that contradict each other', () => {
  const first = hours(0, 40);
  const second = new Map([...hours(30, 70), [35, 101]]);

  test('are named with both values, and neither row is handed over', async () => {
    const all = await imported([first, second], {});
    const [found, ...others] = all.flatMap(({ findings }) => findings.filter(({ code }) => code === 'conflicting-duplicate'));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', count: 1, ts: JAN + 35 * HOUR });
    expect(found?.message).toMatch(/file-0\.csv.*2024-01-02 11:00.*close 100 there, 101 here.*--duplicates first or last/);
    expect(closesOf(all).has(35)).toBe(false);
    expect(closesOf(all).size).toBe(69);
  });

  test('are refused by --strict, unless a rule settles them', async () => {
    await expect(imported([first, second], { mode: 'strict' })).rejects.toThrow(/conflicting-duplicate/);
    expect(closesOf(await imported([first, second], { mode: 'strict', duplicates: 'last' })).get(35)).toBe(101);
  });

  test.each([
    ['first', 100],
    ['last', 101],
  ] as const)('are settled by --duplicates %s, in the order given', async (duplicates, close) => {
    const all = await imported([first, second], { duplicates });
    expect(closesOf(all).get(35)).toBe(close);
    expect(all[1]?.findings.find(({ code }) => code === 'conflicting-duplicate')).toMatchObject({ severity: 'warning', count: 1 });
    const turned = await imported([second, first], { duplicates });
    expect(closesOf(turned).get(35)).toBe(201 - close);
  });

  test('are judged by the rate where they are funding: its interval is told from neighbours that a file cuts off', async () => {
    const rates = (from: number, to: number, step: number): string =>
      `ts,funding_rate\n${Array.from({ length: (to - from) / step }, (_, i) => `${JAN + (from + i * step) * HOUR},0.000${1 + (i % 9)}\n`).join('')}`;
    await inWorkspace(async folder => {
      const paths = [join(folder, 'eight.csv'), join(folder, 'four.csv')];
      // Eight-hourly up to the last row of the one, which the other begins with, four-hourly from there on.
      await writeFile(paths[0] ?? '', rates(0, 160, 8).replace(/0\.000\d\n$/, '0.0001\n'));
      await writeFile(paths[1] ?? '', rates(152, 232, 4));
      const all = await readFiles(paths, { mode: 'report', exchange: 'bybit', symbol: 'BTC/USDT:USDT', kind: 'funding' });
      expect(all[0]?.series.columns[1]?.at(-1)).not.toBe(all[1]?.series.columns[1]?.[0]);
      expect(all.flatMap(({ findings }) => findings.map(({ code }) => code))).not.toContain('conflicting-duplicate');
    });
  });

  test('wholly are no data', async () => {
    await expect(imported([hours(0, 30), hours(0, 30, 101)], {})).rejects.toThrow(/Every row of .* contradicts another/);
  });

  test('leave what a plain map of all rows would leave', async () => {
    const file = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 99, max: 100 })), {
        minLength: 30,
        maxLength: 60,
        selector: ([hour]) => hour,
      })
      .map(rows => new Map(rows));
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 2, maxLength: 3 }), fc.constantFrom('first', 'last', undefined), async (files, rule) => {
        const seen = new Map<number, number[]>();
        for (const rows of files) for (const [hour, close] of rows) seen.set(hour, [...(seen.get(hour) ?? []), close]);
        const expected = new Map(
          [...seen].flatMap(([hour, closes]): [number, number][] =>
            new Set(closes).size === 1 || rule !== undefined ? [[hour, closes.at(rule === 'first' ? 0 : -1) ?? NaN]] : [],
          ),
        );
        fc.pre(expected.size > 0);
        const all = await imported(files, rule === undefined ? {} : { duplicates: rule });
        expect([...closesOf(all)].sort(([a], [b]) => a - b)).toEqual([...expected].sort(([a], [b]) => a - b));
      }),
      { numRuns: 40 },
    );
  });
});
