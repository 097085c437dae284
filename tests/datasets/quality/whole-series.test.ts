import { describe, expect, it, vi } from 'vitest';
import { runChecks } from '../../../src/datasets/quality/checks.js';
import type { Finding, Imported, Series } from '../../../src/datasets/series.js';
import { writeDataset } from '../../../src/datasets/write.js';
import { HOUR, formatTime } from '../../../src/time.js';
import { imported } from '../../arbitraries/series.js';
import { inWorkspace } from '../workspace.js';
import { contextOf, randomBars } from './random-bars.js';

vi.setConfig({ testTimeout: 120_000 });

const WHOLE = 'bars 1h of BTC/USDT:USDT, all files';
const year = randomBars(7, 3000);

const rows = (series: Series, ...stretches: readonly (readonly [number, number])[]): Series => {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(stretches.flatMap(([from, to]) => [...values.subarray(from, to)]));
  const ts = pick(series.ts);
  return { ...series, rows: ts.length, ts, columns: series.columns.map(pick) };
};

/** A file with what its own check finds. */
const file = (name: string, series: Series): Imported => ({
  ...imported(series, name),
  findings: runChecks(series, { ...contextOf(HOUR), file: name, locate: index => ({ file: name, row: index + 2 }) }),
});

/** Findings after each file was imported by itself, in this order. */
const afterEach = (...files: readonly Imported[]): Promise<readonly Finding[]> =>
  inWorkspace(async workspace => {
    let findings: readonly Finding[] = [];
    for (const one of files) findings = (await writeDataset(workspace, 'd', [one])).findings;
    return findings;
  });

const time = (index: number): string => formatTime(year.ts[index] ?? NaN);

describe('files imported one after the other', () => {
  const a = file('a.csv', rows(year, [0, 1000]));
  const b = file('b.csv', rows(year, [1000, 1007]));
  const c = file('c.csv', rows(year, [1007, 2000]));

  it('show the hole between them, and no hole once another file has filled it, in any order', async () => {
    for (const order of [
      [a, c],
      [c, a],
    ])
      expect(await afterEach(...order)).toEqual([
        {
          code: 'gap',
          severity: 'warning',
          file: WHOLE,
          symbol: 'BTC/USDT:USDT',
          kind: 'bars',
          ts: year.ts[1007],
          count: 7,
          message: `1 gap, 7 1h bars missing of 2,000; largest: ${time(999)} → ${time(1007)} (7).`,
        },
      ]);
    for (const order of [
      [a, b, c],
      [a, c, b],
      [b, c, a],
    ])
      expect(await afterEach(...order)).toEqual([]);
  });

  it('leave a hole inside a file with its line, until another file fills it or a part of it', async () => {
    const holed = file('holed.csv', rows(year, [0, 500], [510, 1000]));
    const inside = await afterEach(holed, c);
    expect(inside.map(f => [f.file, f.row, f.count])).toEqual([[WHOLE, undefined, 17]]);
    const met = await afterEach(holed, file('next.csv', rows(year, [1000, 2000])));
    expect(met.map(f => [f.file, f.row, f.count])).toEqual([['holed.csv', 502, 10]]);
    const half = await afterEach(holed, file('patch.csv', rows(year, [500, 505])));
    expect(half.map(f => [f.file, f.count, f.ts])).toEqual([[WHOLE, 5, year.ts[510]]]);
    expect(await afterEach(holed, file('patch.csv', rows(year, [495, 515])))).toEqual([]);
  });

  it('that are imported again bring back no hole that was filled since, and count none twice', async () => {
    const holed = file('holed.csv', rows(year, [0, 500], [510, 1000]));
    const patch = file('patch.csv', rows(year, [495, 515]));
    expect(await afterEach(holed, patch, holed)).toEqual([]);
    expect((await afterEach(holed, c, holed)).map(f => [f.file, f.count])).toEqual([[WHOLE, 17]]);
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [holed]);
      const { version } = await writeDataset(workspace, 'd', [patch]);
      expect((await writeDataset(workspace, 'd', [holed])).version).toBe(version);
    });
  });

  it('that fill one hole and leave another of the same size show the one that is left', async () => {
    const holed = file('holed.csv', rows(year, [0, 500], [510, 1000]));
    const findings = await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [holed]);
      return (await writeDataset(workspace, 'd', [file('patch.csv', rows(year, [495, 515])), file('next.csv', rows(year, [1010, 2000]))]))
        .findings;
    });
    expect(findings.map(f => [f.file, f.count, f.ts])).toEqual([[WHOLE, 10, year.ts[1010]]]);
  });

  it('of another market or in another unit do not fit together, whichever came first', async () => {
    const scaled = (series: Series, by: number): Series => ({
      ...series,
      columns: series.columns.map((column, k) => (k < 4 ? column.map(x => x * by) : column)),
    });
    for (const [by, code] of [
      [1 / 17.3, 'level-jump'],
      [1000, 'redenomination'],
    ] as const) {
      const other = file('other.csv', scaled(rows(year, [1000, 2000]), by));
      for (const order of [
        [a, other],
        [other, a],
      ]) {
        const findings = await afterEach(...order);
        expect(findings.map(f => [f.code, f.severity, f.file, f.ts])).toEqual([[code, 'error', WHOLE, year.ts[1000]]]);
        expect(findings[0]?.message).toContain(`the close of ${time(999)} is ${year.columns[3]?.[999]}, the open of ${time(1000)} is`);
      }
      // Still so after a file that has nothing to do with it, and gone when the wrong file is replaced.
      const later = file('later.csv', rows(year, [2500, 3000]));
      const kept = await afterEach(a, other, later);
      expect(kept.filter(f => f.ts === year.ts[1000]).map(f => f.code)).toEqual([code]);
      const mended = await afterEach(a, other, file('right.csv', rows(year, [1000, 2000])));
      expect(mended.filter(f => f.severity === 'error')).toEqual([]);
    }
  });

  it('of funding show settlements that are missing between them', async () => {
    const settled = (from: number, to: number): Series => ({
      kind: 'funding',
      symbol: 'BTC/USDT:USDT',
      rows: to - from,
      ts: Float64Array.from({ length: to - from }, (_, i) => (from + i) * 8 * HOUR),
      columns: [new Float64Array(to - from).fill(0.0001), new Float64Array(to - from).fill(8 * HOUR)],
    });
    const [first, second, third] = [
      file('1.csv', settled(60_000, 60_100)),
      file('2.csv', settled(60_100, 60_103)),
      file('3.csv', settled(60_103, 60_200)),
    ];
    const findings = await afterEach(first, third);
    expect(findings.map(f => [f.code, f.severity, f.count, f.file])).toEqual([
      ['missing-funding', 'error', 3, 'funding of BTC/USDT:USDT, all files'],
    ]);
    expect(await afterEach(first, third, second)).toEqual([]);
  });
});
