import fc from 'fast-check';
import { lastValueFrom, take, toArray } from 'rxjs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/datasets/catalogue.js';
import { loadAllSeries } from '../../src/datasets/load-series.js';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { datasetFeed, type DatasetFeedOptions } from '../../src/datasets/replay.js';
import { writeDataset } from '../../src/datasets/write.js';
import type { Series } from '../../src/datasets/series.js';
import type { Feed, Slab } from '../../src/events/feed.js';
import { arbitrarySeries, barsOf, imported } from '../arbitraries/series.js';
import { inWorkspace } from './workspace.js';

// Files are flushed to disk and processes started: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const H = 3_600_000;
const JAN = Date.UTC(2024, 0, 1);

const slabsOf = (feed: Feed): Promise<Slab[]> => lastValueFrom(feed.slabs$.pipe(toArray()));

/** Rows per series in the order of delivery, and the slab rule: no row of a slab belongs to another, and no chunk divides an instant. */
const rowsBySeries = (slabs: readonly Slab[]): Record<string, string[]> => {
  const rows: Record<string, string[]> = {};
  const last = new Map<string, number>();
  let from = -Infinity;
  for (const slab of slabs) {
    expect(slab.to).toBeGreaterThan(from);
    for (const { kind, symbol, rows: count, ts, columns } of slab.chunks) {
      expect(count).toBeGreaterThan(0);
      expect(ts[0]).toBeGreaterThan(last.get(`${kind} ${symbol}`) ?? -Infinity);
      last.set(`${kind} ${symbol}`, ts[count - 1] ?? NaN);
      for (let i = 0; i < count; i++) {
        const t = ts[i] ?? NaN;
        expect(t >= from && t < slab.to, `${t} in a slab of [${from}, ${slab.to})`).toBe(true);
        (rows[`${kind} ${symbol}`] ??= []).push([t, ...columns.map(column => column[i])].join());
      }
    }
    from = slab.to;
  }
  expect(from).toBe(Infinity);
  return rows;
};

const expectedRows = (all: readonly Series[], from = -Infinity, to = Infinity): Record<string, string[]> => {
  const rows: Record<string, string[]> = {};
  for (const { kind, symbol, rows: count, ts, columns } of all)
    for (let i = 0; i < count; i++) {
      const t = ts[i] ?? NaN;
      // A bar belongs to the window that it opens in; what happens at the very end, such as funding that settles with the last close, is still read.
      if (t >= from && (kind === 'bars' ? t < to : t <= to))
        (rows[`${kind} ${symbol}`] ??= []).push([t, ...columns.map(column => column[i])].join());
    }
  return rows;
};

const everything: DatasetFeedOptions = { symbols: ['A/B:B', 'C/B:B'], kinds: ['bars', 'trades', 'funding'], optionalKinds: ['mark'] };

describe('replay of a dataset', () => {
  it('gives the same rows in time-aligned slabs whatever the slab size, kinds and symbols merged', async () => {
    const market = (symbol: string): fc.Arbitrary<Series[]> =>
      fc.tuple(
        arbitrarySeries('bars', symbol, { maxLength: 400, maxStepMs: 10 * H }),
        arbitrarySeries('trades', symbol, { maxLength: 400, maxStepMs: H }),
        arbitrarySeries('funding', symbol, { maxLength: 30, maxStepMs: 80 * H }),
      );
    const window = fc.tuple(fc.nat(200), fc.nat(2000)).map(([skip, length]) => ({ from: JAN + skip * H, to: JAN + (skip + length) * H }));
    await fc.assert(
      fc.asyncProperty(market('A/B:B'), market('C/B:B'), fc.integer({ min: 1, max: 50 }), window, async (a, c, slabRows, { from, to }) =>
        inWorkspace(async workspace => {
          const all = [...a, ...c];
          await writeDataset(
            workspace,
            'd',
            all.map(series => imported(series)),
          );
          const dataset = await openDataset(workspace, 'd');
          for (const options of [{ slabRows }, {}, { slabRows, from, to }]) {
            const feed = await datasetFeed(dataset, { ...everything, ...options });
            const rows = rowsBySeries(await slabsOf(feed));
            const wanted = expectedRows(all, options.from, options.to);
            expect(rows).toEqual(wanted);
            for (const input of feed.inputs) {
              const read = wanted[`${input.kind} ${input.symbol}`] ?? [];
              expect(input.rows).toBe(read.length);
              if (read.length > 0)
                expect([input.from, input.to].map(String)).toEqual([read[0], read.at(-1)].map(row => row?.split(',')[0]));
            }
          }
        }),
      ),
      {
        numRuns: 12,
        // A window of no length at the first trade, and one that ends with it.
        examples: [0, 1].map(length => {
          const at = (symbol: string, time: number): Series[] => [
            { ...barsOf([[time, 1, 2, 0.5, 1, 1]], symbol) },
            { kind: 'trades', symbol, rows: 1, ts: Float64Array.of(JAN + length * H), columns: [1, 1, 1].map(x => Float64Array.of(x)) },
            { kind: 'funding', symbol, rows: 1, ts: Float64Array.of(JAN + length * H), columns: [0, 8 * H].map(x => Float64Array.of(x)) },
          ];
          return [at('A/B:B', JAN), at('C/B:B', JAN + length * H), 1, { from: JAN, to: JAN + length * H }] as [
            Series[],
            Series[],
            number,
            { from: number; to: number },
          ];
        }),
      },
    );
  });

  it('cuts slabs of about the size that was asked for, over many of the engine’s own chunks', async () => {
    await inWorkspace(async workspace => {
      const series = barsOf(Array.from({ length: 9000 }, (_, i) => [JAN + i * 60_000, 1, 2, 0.5, 1, i]));
      await writeDataset(workspace, 'd', [imported(series)]);
      const feed = await datasetFeed(await openDataset(workspace, 'd'), { symbols: [series.symbol], kinds: ['bars'], slabRows: 1000 });
      const slabs = await slabsOf(feed);
      const rows = slabs.map(slab => slab.chunks.reduce((sum, chunk) => sum + chunk.rows, 0));
      expect(rows).toEqual([1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000]);
      expect(rowsBySeries(slabs)).toEqual(expectedRows([series]));
    });
  });

  it('gives the rows as they were fetched, and cuts series of the same times where they were', async () => {
    await inWorkspace(async workspace => {
      const series = ['A/B:B', 'C/B:B', 'D/B:B'].map(symbol =>
        barsOf(
          Array.from({ length: 50_000 }, (_, i) => [JAN + i * 60_000, 1, 2, 0.5, 1, i]),
          symbol,
        ),
      );
      await writeDataset(
        workspace,
        'd',
        series.map(each => imported(each)),
      );
      const dataset = await openDataset(workspace, 'd');
      const slabs = await slabsOf(await datasetFeed(dataset, { symbols: ['A/B:B', 'C/B:B', 'D/B:B'], kinds: ['bars'] }));
      // A view on a part of a fetched column has an offset, or ends before its buffer does.
      const isWhole = (column: Float64Array): boolean => column.byteOffset === 0 && column.byteLength === column.buffer.byteLength;
      const columns = slabs.flatMap(slab => slab.chunks.flatMap(chunk => [chunk.ts, ...chunk.columns]));
      expect(columns.filter(column => !isWhole(column))).toEqual([]);
      expect(slabs.length).toBeGreaterThan(2);
      expect(rowsBySeries(slabs)).toEqual(expectedRows(series));
    });
  });

  it('keeps an instant with more rows than a slab in one slab', async () => {
    await inWorkspace(async workspace => {
      const count = 5000;
      const ts = Float64Array.from({ length: count }, (_, i) => JAN + (i < 10 ? i : i < 4900 ? 10 : i));
      const trades: Series = { kind: 'trades', symbol: 'A/B:B', rows: count, ts, columns: [ts, ts, ts] };
      await writeDataset(workspace, 'd', [imported(trades)]);
      const feed = await datasetFeed(await openDataset(workspace, 'd'), { symbols: ['A/B:B'], kinds: ['trades'], slabRows: 4 });
      expect(rowsBySeries(await slabsOf(feed))).toEqual(expectedRows([trades]));
    });
  });

  it('starts at the warm-up where there is one', async () => {
    await inWorkspace(async workspace => {
      const series = barsOf(Array.from({ length: 100 }, (_, i) => [JAN + i * H, 1, 2, 0.5, 1, i]));
      await writeDataset(workspace, 'd', [imported(series)]);
      const options = {
        symbols: [series.symbol],
        kinds: ['bars'] as const,
        from: JAN + 50 * H,
        warmupFrom: JAN + 30 * H,
        to: JAN + 60 * H,
      };
      const feed = await datasetFeed(await openDataset(workspace, 'd'), options);
      expect(feed.inputs).toMatchObject([
        { from: JAN + 30 * H, to: JAN + 59 * H, rows: 30, dataset: 'd', timeframe: '1h', synthetic: false },
      ]);
      expect(feed.inputs[0]?.version).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  it('leaves out the row at `to` where it is the last of its month, and counts so', async () => {
    await inWorkspace(async workspace => {
      const last = Date.UTC(2024, 0, 31, 23);
      const series = barsOf([JAN, last, last + H].map(ts => [ts, 1, 2, 0.5, 1, 1]));
      await writeDataset(workspace, 'd', [imported(series)]);
      const feed = await datasetFeed(await openDataset(workspace, 'd'), { symbols: [series.symbol], kinds: ['bars'], from: JAN, to: last });
      expect(feed.inputs).toMatchObject([{ rows: 1, from: JAN, to: JAN }]);
      expect(rowsBySeries(await slabsOf(feed))).toEqual(expectedRows([series], JAN, last));
    });
  });

  it('ends with one empty slab when there is nothing in range', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [imported(barsOf([[JAN, 1, 2, 0.5, 1, 1]]))]);
      const feed = await datasetFeed(await openDataset(workspace, 'd'), { symbols: ['BTC/USDT:USDT'], kinds: ['bars'], from: JAN + 1 });
      expect(await slabsOf(feed)).toEqual([{ to: Infinity, chunks: [] }]);
    });
  });

  it('can be left in the middle and played again', async () => {
    await inWorkspace(async workspace => {
      const series = barsOf(Array.from({ length: 50_000 }, (_, i) => [JAN + i * 60_000, 1, 2, 0.5, 1, i]));
      await writeDataset(workspace, 'd', [imported(series)]);
      const feed = await datasetFeed(await openDataset(workspace, 'd'), { symbols: [series.symbol], kinds: ['bars'], slabRows: 500 });
      for (let i = 0; i < 5; i++) expect((await lastValueFrom(feed.slabs$.pipe(take(2)))).chunks[0]?.rows).toBe(500);
      expect(rowsBySeries(await slabsOf(feed))).toEqual(expectedRows([series]));
    });
  });

  it('says which series is missing before anything is read', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [imported(barsOf([[JAN, 1, 2, 0.5, 1, 1]]))]);
      const dataset = await openDataset(workspace, 'd');
      await expect(datasetFeed(dataset, { symbols: ['BTC/USDT:USDT'], kinds: ['bars', 'funding'] })).rejects.toMatchObject({
        code: 'missing-series',
      });
      const feed = await datasetFeed(dataset, { symbols: ['BTC/USDT:USDT'], kinds: ['bars'], optionalKinds: ['funding'] });
      expect(feed.inputs.map(({ kind }) => kind)).toEqual(['bars']);
    });
  });

  it('fails loudly when a lake file is gone, before or after it was opened', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [imported(barsOf([[JAN, 1, 2, 0.5, 1, 1]]))]);
      const dataset = await openDataset(workspace, 'd');
      const options = { symbols: ['BTC/USDT:USDT'], kinds: ['bars' as const] };
      await expect(datasetFeed({ ...dataset, folder: `${dataset.folder}-gone` }, options)).rejects.toThrow(/is missing/);
      const feed = await datasetFeed(dataset, options);
      await rm(join(dataset.folder, dataset.entries[0]?.files[0]?.path ?? ''));
      await expect(slabsOf(feed)).rejects.toThrow(/No files found/);
    });
  });
});

describe('a feed from memory', () => {
  it('plays what the dataset plays, in one slab of views', async () => {
    await inWorkspace(async workspace => {
      const series = barsOf(Array.from({ length: 3000 }, (_, i) => [JAN + i * H, 1, 2, 0.5, 1, i]));
      await writeDataset(workspace, 'd', [imported(series)]);
      const dataset = await openDataset(workspace, 'd');
      const [from, to] = [JAN + 100 * H, JAN + 2900 * H];
      const loaded = await loadAllSeries(dataset, [{ symbol: series.symbol, kind: 'bars' }], { shared: true });
      const memory = memoryFeed(
        loaded.map(({ chunk }) => chunk),
        { from, to },
      );
      const slabs = await slabsOf(memory);
      expect(slabs).toHaveLength(1);
      expect(slabs[0]?.chunks[0]?.columns[3]?.buffer).toBe(loaded[0]?.chunk.columns[3]?.buffer);
      const replayed = await datasetFeed(dataset, { symbols: [series.symbol], kinds: ['bars'], from, to });
      expect(rowsBySeries(slabs)).toEqual(rowsBySeries(await slabsOf(replayed)));
      expect(memory.inputs).toMatchObject([{ rows: 2800, from, to: to - H, version: 'memory' }]);
      expect(replayed.inputs).toMatchObject([{ rows: 2800, from, to: to - H, version: dataset.manifest.version }]);
    });
  });
});
