import fc from 'fast-check';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/datasets/catalogue.js';
import { exportSeries } from '../../src/datasets/export.js';
import { writeDataset } from '../../src/datasets/write.js';
import type { Series } from '../../src/datasets/series.js';
import { KIND_COLUMNS, type MarketKind } from '../../src/events/market.js';
import { readParquet } from '../../src/parquet.js';
import { arbitrarySeries, barsOf, imported } from '../arbitraries/series.js';
import { inWorkspace } from './workspace.js';

// Files are flushed to disk and processes started: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const rowsOf = (series: Series): number[][] =>
  Array.from({ length: series.rows }, (_, i) => [series.ts[i] ?? NaN, ...series.columns.map(column => column[i] ?? NaN)]);

/** What a stranger's reader makes of the file. */
const readBack = async (path: string, names: readonly string[]): Promise<number[][]> => {
  if (path.endsWith('.parquet')) {
    const { rows, columns } = await readParquet(path);
    expect(Object.keys(columns)).toEqual(names);
    return Array.from({ length: rows }, (_, i) => names.map(name => Number(columns[name]?.[i])));
  }
  const bytes = await readFile(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
  if (path.includes('.csv')) {
    expect(lines.shift()).toBe(names.join(','));
    return lines.map(line => line.split(',').map(cell => (cell === '' ? NaN : Number(cell))));
  }
  return lines.map(line => {
    const row = JSON.parse(line) as Record<string, number | null>;
    return names.map(name => row[name] ?? NaN);
  });
};

describe('export', () => {
  for (const file of ['out.csv', 'out.csv.gz', 'out.ndjson', 'out.ndjson.gz', 'out.parquet'])
    it(`to ${file} gives every double back`, async () => {
      const kinds: MarketKind[] = ['bars', 'trades', 'funding'];
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...kinds).chain(kind => arbitrarySeries(kind, 'A/B:B')),
          async series =>
            inWorkspace(async workspace => {
              await writeDataset(workspace, 'd', [imported(series)]);
              const path = join(workspace, 'exports', file);
              expect(await exportSeries(await openDataset(workspace, 'd'), series, path)).toBe(series.rows);
              const back = await readBack(path, ['ts', ...KIND_COLUMNS[series.kind]]);
              // JSON has no infinities: they come back as missing, as NaN does.
              const expected = rowsOf(series).map(row => row.map(x => (file.includes('ndjson') && !Number.isFinite(x) ? NaN : x)));
              const text = (rows: number[][]): string[] => rows.map(row => row.map(x => (x === 0 ? 0 : x)).join());
              expect(text(back)).toEqual(text(expected));
              expect(await readdir(join(workspace, 'exports'))).toEqual([file]);
            }),
        ),
        { numRuns: 8 },
      );
    });

  it('writes only the range that was asked for, and no file when there is nothing in it', async () => {
    await inWorkspace(async workspace => {
      const series = barsOf([1, 2, 3, 4].map(ts => [ts * 3_600_000, 1, 1, 1, 1, 1]));
      await writeDataset(workspace, 'd', [imported(series)]);
      const dataset = await openDataset(workspace, 'd');
      const path = join(workspace, 'out.csv');
      const name = { symbol: series.symbol, kind: 'bars' as const };
      await expect(exportSeries(dataset, { ...name, from: 5 * 3_600_000 }, path)).rejects.toMatchObject({ code: 'nothing-to-export' });
      expect(await readdir(workspace)).toEqual(['datasets']);
      expect(await exportSeries(dataset, { ...name, from: 2 * 3_600_000, to: 4 * 3_600_000 }, path)).toBe(2);
    });
  });

  it('refuses a name that says no format', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [imported(barsOf([[0, 1, 1, 1, 1, 1]]))]);
      const dataset = await openDataset(workspace, 'd');
      for (const file of ['out.xlsx', 'out', 'out.parquet.gz'])
        await expect(exportSeries(dataset, { symbol: 'BTC/USDT:USDT', kind: 'bars' }, join(workspace, file))).rejects.toMatchObject({
          code: 'unknown-format',
        });
    });
  });
});
