import fc from 'fast-check';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { listDatasets, openDataset, verifyDataset } from '../../src/datasets/catalogue.js';
import { gcDatasets } from '../../src/datasets/gc.js';
import { symbolFolder } from '../../src/datasets/layout.js';
import { loadSeries } from '../../src/datasets/load-series.js';
import { writeDataset } from '../../src/datasets/write.js';
import type { Series } from '../../src/datasets/series.js';
import type { Chunk, MarketKind } from '../../src/events/market.js';
import { arbitrarySeries, barsOf, imported, perpetual } from '../arbitraries/series.js';
import { inWorkspace } from './workspace.js';

// Files are flushed to disk and processes started: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const H = 3_600_000;
const JAN = Date.UTC(2024, 0, 1);
const bits = (rows: Series | Chunk): string[] =>
  [rows.ts, ...rows.columns].map(column =>
    Buffer.from(Float64Array.from(column.subarray(0, rows.rows), x => (x === x ? x : NaN)).buffer).toString('hex'),
  );
const hour = (i: number, close = 100 + i): number[] => [JAN + i * H, 100 + i, 110 + i, 90 + i, close, 5];

describe('the lake', () => {
  it('gives back every bit that was written, for any kind and any doubles', async () => {
    const kinds: MarketKind[] = ['bars', 'trades', 'funding', 'mark', 'book'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds).chain(kind => arbitrarySeries(kind, 'A/B:B')),
        async series =>
          inWorkspace(async workspace => {
            await writeDataset(workspace, 'any', [imported(series)]);
            const chunk = await loadSeries(await openDataset(workspace, 'any'), series);
            expect(chunk.rows).toBe(series.rows);
            expect(bits(chunk)).toEqual(bits(series));
          }),
      ),
      { numRuns: 25 },
    );
  });

  it('loads into shared memory on request, and any range of it', async () => {
    await inWorkspace(async workspace => {
      const series = barsOf(Array.from({ length: 2000 }, (_, i) => hour(i)));
      await writeDataset(workspace, 'd', [imported(series)]);
      const dataset = await openDataset(workspace, 'd');
      const chunk = await loadSeries(
        dataset,
        { symbol: series.symbol, kind: 'bars', from: JAN + 10.5 * H, to: JAN + 1500 * H },
        { shared: true },
      );
      expect(chunk.ts.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect([chunk.rows, chunk.ts[0], chunk.ts[chunk.rows - 1]]).toEqual([1489, JAN + 11 * H, JAN + 1499 * H]);
    });
  });

  it('merges any two overlapping imports into what a plain map of times would hold', async () => {
    const twice = fc.tuple(
      arbitrarySeries('bars', 'A/B:B', { maxLength: 60, maxStepMs: 4 }),
      arbitrarySeries('bars', 'A/B:B', { maxLength: 60, maxStepMs: 4 }),
    );
    const rowsOf = (series: Series | Chunk): [number, string][] =>
      Array.from({ length: series.rows }, (_, i) => [series.ts[i] ?? NaN, series.columns.map(column => String(column[i])).join()]);
    await fc.assert(
      fc.asyncProperty(twice, async ([first, second]) =>
        inWorkspace(async workspace => {
          await writeDataset(workspace, 'd', [imported(first)]);
          await writeDataset(workspace, 'd', [imported(second)]);
          const expected = new Map([...rowsOf(first), ...rowsOf(second)]);
          const merged = await loadSeries(await openDataset(workspace, 'd'), first);
          expect(rowsOf(merged)).toEqual([...expected].sort(([a], [b]) => a - b));
        }),
      ),
      { numRuns: 25 },
    );
  });

  it('takes a re-import of the same rows for no change, from another file too', async () => {
    await inWorkspace(async workspace => {
      const rows = Array.from({ length: 1000 }, (_, i) => hour(i));
      const first = await writeDataset(workspace, 'd', [imported(barsOf(rows))]);
      const again = await writeDataset(workspace, 'd', [imported(barsOf(rows))]);
      const part = await writeDataset(workspace, 'd', [imported(barsOf(rows.slice(700, 800)), 'other.csv')]);
      expect([again.version, part.version]).toEqual([first.version, first.version]);
      expect(await readdir(join(workspace, 'datasets/d/versions'))).toHaveLength(1);
    });
  });

  it('makes a new version of a revised bar, says what changed, rewrites that month only and keeps the old version readable', async () => {
    await inWorkspace(async workspace => {
      const rows = Array.from({ length: 1000 }, (_, i) => hour(i));
      const first = await writeDataset(workspace, 'd', [imported(barsOf(rows))]);
      const second = await writeDataset(workspace, 'd', [imported(barsOf([hour(800, 905.5)]), 'fix.csv')]);
      expect(second.parent).toBe(first.version);
      expect(second.findings).toMatchObject([{ code: 'revised', count: 1, ts: JAN + 800 * H, file: 'fix.csv' }]);
      expect(second.findings[0]?.message).toContain('2024-02-03 08:00 UTC, had close 900 and now has 905.5');
      expect(second.series[0]?.files[0]).toEqual(first.series[0]?.files[0]);
      expect(second.series[0]?.files[1]?.path).not.toBe(first.series[0]?.files[1]?.path);
      const close = async (name: string): Promise<number | undefined> =>
        (await loadSeries(await openDataset(workspace, name), { symbol: 'BTC/USDT:USDT', kind: 'bars' })).columns[3]?.[800];
      expect(await close('d')).toBe(905.5);
      expect(await close(`d@${first.version.slice(0, 10)}`)).toBe(900);
    });
  });

  it('keeps what was found in other files, replaces what was found in a file that is imported again, and forgets no revision', async () => {
    await inWorkspace(async workspace => {
      const found = (file: string, row: number[], message: string) => {
        const one = imported(barsOf([row]), file);
        const finding = {
          code: 'off-grid',
          severity: 'warning' as const,
          file,
          symbol: one.series.symbol,
          kind: 'bars' as const,
          count: 1,
          message,
        };
        return { ...one, findings: [finding] };
      };
      await writeDataset(workspace, 'd', [found('a.csv', hour(0), 'a as first read'), found('b.csv', hour(1), 'b')]);
      await writeDataset(workspace, 'd', [found('a.csv', hour(0, 55), 'a as read again')]);
      const { findings, version } = await writeDataset(workspace, 'd', [found('a.csv', hour(0, 55), 'a as read last')]);
      expect(findings.map(({ code, message }) => (code === 'off-grid' ? message : code)).sort()).toEqual([
        'a as read last',
        'b',
        'revised',
      ]);
      expect((await writeDataset(workspace, 'd', [found('a.csv', hour(0, 55), 'a as read last')])).version).toBe(version);
    });
  });

  it('states units over inferring them, and infers the finest that any file shows', async () => {
    await inWorkspace(async workspace => {
      const write = async (tickSize: number, source: string): Promise<number | undefined> => {
        const one = imported(barsOf([hour(0)]));
        const manifest = await writeDataset(workspace, 'd', [{ ...one, instrument: { ...one.instrument, tickSize, source } }]);
        return manifest.instruments[0]?.tickSize;
      };
      expect(await write(0.5, 'inferred from prices')).toBe(0.5);
      expect(await write(0.1, 'inferred from prices')).toBe(0.1);
      expect(await write(0.5, 'inferred from prices')).toBe(0.1);
      expect(await write(0.2, 'stated')).toBe(0.2);
      expect(await write(0.01, 'inferred from prices')).toBe(0.2);
    });
  });

  it('gives the same version for the same imports in another workspace', async () => {
    const write = (workspace: string) => writeDataset(workspace, 'd', [imported(barsOf(Array.from({ length: 800 }, (_, i) => hour(i))))]);
    const [a, b] = [await inWorkspace(write), await inWorkspace(write)];
    expect(a).toEqual(b);
  });

  it('joins trades of one millisecond that two files share between them, and does not double those that both have', async () => {
    await inWorkspace(async workspace => {
      const trades = (rows: number[][]): Series => ({
        kind: 'trades',
        symbol: 'A/B',
        rows: rows.length,
        ts: Float64Array.from(rows, r => r[0] ?? NaN),
        columns: [1, 2, 3].map(c => Float64Array.from(rows, r => r[c] ?? NaN)),
      });
      const all = [
        [JAN, 10, 1, 1],
        [JAN + 5, 11, 1, 1],
        [JAN + 5, 11, 2, -1],
        [JAN + 5, 12, 3, 1],
        [JAN + 9, 10, 1, 1],
      ];
      await writeDataset(workspace, 'd', [imported(trades(all.slice(0, 3)), '1.csv')]);
      await writeDataset(workspace, 'd', [imported(trades(all.slice(3)), '2.csv')]);
      const manifest = await writeDataset(workspace, 'd', [imported(trades(all.slice(1)), '3.csv')]);
      const chunk = await loadSeries(await openDataset(workspace, 'd'), { symbol: 'A/B', kind: 'trades' });
      expect(bits(chunk)).toEqual(bits(trades(all)));
      expect(manifest.findings).toEqual([]);
    });
  });

  it('names every file by its content and the manifest by its own hash, and notices an altered file', async () => {
    await inWorkspace(async workspace => {
      const manifest = await writeDataset(workspace, 'd', [imported(barsOf([hour(0), hour(1)]))]);
      const folder = join(workspace, 'datasets/d');
      const text = await readFile(join(folder, 'versions', `${manifest.version}.json`));
      expect(createHash('sha256').update(text).digest('hex')).toBe(manifest.version);
      const file = manifest.series[0]?.files[0];
      const path = join(folder, file?.path ?? '');
      expect(
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      ).toBe(file?.sha256);
      const dataset = await openDataset(workspace, 'd');
      expect(await verifyDataset(dataset)).toEqual([]);
      const bytes = await readFile(path);
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      await writeFile(path, bytes);
      expect(await verifyDataset(dataset)).toEqual([{ path, reason: 'altered' }]);
    });
  });

  it('refuses an altered manifest', async () => {
    await inWorkspace(async workspace => {
      const { version } = await writeDataset(workspace, 'd', [imported(barsOf([hour(0)]))]);
      const path = join(workspace, 'datasets/d/versions', `${version}.json`);
      await writeFile(path, (await readFile(path, 'utf8')).replace('"synthetic":false', '"synthetic":true'));
      await expect(openDataset(workspace, 'd')).rejects.toMatchObject({ code: 'altered-manifest', exitCode: 3 });
    });
  });

  it('answers a misspelt name with the nearest one and the command that lists them', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'btc-1h', [imported(barsOf([hour(0)]))]);
      await expect(openDataset(workspace, 'btc-1')).rejects.toMatchObject({
        code: 'unknown-dataset',
        message: expect.stringContaining('Did you mean "btc-1h"?'),
        fix: expect.stringContaining('quantai data list'),
      });
      const dataset = await openDataset(workspace, 'btc-1h');
      await expect(loadSeries(dataset, { symbol: 'BTC/USDT', kind: 'bars' })).rejects.toMatchObject({
        code: 'unknown-symbol',
        message: expect.stringContaining('"BTC/USDT:USDT"'),
      });
      await expect(loadSeries(dataset, { symbol: 'BTC/USDT:USDT', kind: 'funding' })).rejects.toMatchObject({ code: 'missing-series' });
      await expect(loadSeries(dataset, { symbol: 'BTC/USDT:USDT', kind: 'bars', timeframe: '4h' })).rejects.toMatchObject({
        code: 'missing-timeframe',
        message: expect.stringContaining('1h'),
      });
    });
  });

  it('refuses to mix synthetic with recorded rows, and two exchanges under one symbol', async () => {
    await inWorkspace(async workspace => {
      const series = barsOf([hour(0)]);
      await writeDataset(workspace, 'd', [imported(series)]);
      await expect(writeDataset(workspace, 'd', [{ ...imported(series), synthetic: true }])).rejects.toMatchObject({
        code: 'mixes-synthetic',
      });
      const other = { ...imported(series), instrument: { ...perpetual(), exchange: 'elsewhere' } };
      await expect(writeDataset(workspace, 'd', [other])).rejects.toMatchObject({ code: 'mixed-exchanges' });
    });
  });

  it('refuses a name that could leave the datasets folder', async () => {
    await inWorkspace(async workspace => {
      for (const name of ['../evil', '', '.hidden', 'a/b', 'a b'])
        await expect(writeDataset(workspace, name, [imported(barsOf([hour(0)]))])).rejects.toMatchObject({ code: 'bad-dataset-name' });
    });
  });

  it('refuses rows out of time order, whoever hands them over', async () => {
    await inWorkspace(async workspace => {
      await expect(writeDataset(workspace, 'd', [imported(barsOf([hour(1), hour(0)]))])).rejects.toThrow(/not in time order at row 1/);
      await expect(writeDataset(workspace, 'd', [imported(barsOf([hour(1), hour(1)]))])).rejects.toThrow(/not in time order/);
    });
  });

  it('collects the versions that no run names, with the files that only they use', async () => {
    await inWorkspace(async workspace => {
      const rows = Array.from({ length: 10 }, (_, i) => hour(i));
      const [a, b, c] = [
        await writeDataset(workspace, 'd', [imported(barsOf(rows))]),
        await writeDataset(workspace, 'd', [imported(barsOf([hour(1, 1)]))]),
        await writeDataset(workspace, 'd', [imported(barsOf([hour(1, 2)]))]),
      ];
      const removed = await gcDatasets(workspace, [a.version]);
      expect(removed).toMatchObject({ versions: [b.version], files: 1 });
      expect(await verifyDataset(await openDataset(workspace, 'd'))).toEqual([]);
      expect(await verifyDataset(await openDataset(workspace, `d@${a.version}`))).toEqual([]);
      await expect(openDataset(workspace, `d@${b.version}`)).rejects.toMatchObject({ code: 'unknown-version' });
      expect((await listDatasets(workspace)).find(({ id }) => id === 'd')?.manifest.version).toBe(c.version);
    });
  });

  it('keeps its datasets beside the sample where the workspace is a checkout of the project, once each', async () => {
    const root = join(import.meta.dirname, '../..');
    const id = `own-${process.pid}`;
    await writeDataset(root, id, [imported(barsOf([hour(0)]))]);
    try {
      const names = (await listDatasets(root)).map(dataset => dataset.id);
      expect(names.filter(name => name === 'sample' || name === id)).toEqual([id, 'sample']);
      expect((await openDataset(root, id)).entries).toHaveLength(1);
    } finally {
      await rm(join(root, 'datasets', id), { recursive: true, force: true });
    }
  });

  it('refuses to read a file that is gone, cut or longer than when it was written, by name', async () => {
    await inWorkspace(async workspace => {
      const series = barsOf(Array.from({ length: 50 }, (_, i) => hour(i)));
      await writeDataset(workspace, 'd', [imported(series)]);
      const dataset = await openDataset(workspace, 'd');
      const path = join(dataset.folder, dataset.entries[0]?.files[0]?.path ?? '');
      const whole = await readFile(path);
      const read = () => loadSeries(dataset, series);
      for (const bytes of [Buffer.concat([whole, Buffer.from('PAR1')]), whole.subarray(0, -1)]) {
        await writeFile(path, bytes);
        await expect(read()).rejects.toMatchObject({ code: 'damaged-dataset', message: expect.stringContaining(path) });
      }
      await rm(path);
      await expect(read()).rejects.toThrow(/is missing/);
      await writeFile(path, whole);
      expect((await read()).rows).toBe(50);
    });
  });

  it('gives every symbol a folder of its own that no system trips over', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 2, maxLength: 2 }), ([a = '', b = '']) => {
        expect(symbolFolder(a)).toMatch(/^[A-Za-z0-9_+%-]+$/);
        expect(symbolFolder(a)).not.toBe(symbolFolder(b));
      }),
    );
  });
});
