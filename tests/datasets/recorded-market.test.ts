import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/datasets/catalogue.js';
import { readFiles } from '../../src/datasets/import/read-files.js';
import { loadSeries } from '../../src/datasets/load-series.js';
import { mergeRows, type Rows } from '../../src/datasets/merge.js';
import { datasetFeed } from '../../src/datasets/replay.js';
import type { Imported, Series } from '../../src/datasets/series.js';
import { writeDataset } from '../../src/datasets/write.js';
import { BookFeed } from '../../src/market/book-sync.js';
import { units } from '../../src/market/units.js';
import { imported } from '../arbitraries/series.js';
import { hasSharedData } from './shared-data.js';
import { inWorkspace } from './workspace.js';

// Files are flushed to disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const rowsOf = (values: readonly (readonly [number, number])[]): Rows => ({
  rows: values.length,
  ts: Float64Array.from(values, ([ts]) => ts),
  columns: [Float64Array.from(values, ([, value]) => value)],
});
const order = ({ rows, columns }: Rows): number[] => [...columns[0]!.subarray(0, rows)];

// Bytes compare a thousand times faster than elements one by one.
const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

describe('an instant that two files cut in two', () => {
  const early = rowsOf([
    [1, 10],
    [2, 20],
    [2, 21],
  ]);
  const late = rowsOf([
    [2, 22],
    [2, 23],
    [3, 30],
  ]);

  it('has the rows in their order, whichever file is imported first', () => {
    expect(order(mergeRows(early, late))).toEqual([10, 20, 21, 22, 23, 30]);
    expect(order(mergeRows(late, early))).toEqual([10, 20, 21, 22, 23, 30]);
  });
});

describe('a book that is wanted from a moment on', () => {
  it('is read from its last snapshot on, with what came shortly before it, and only then can be rebuilt', async () => {
    const rows: number[][] = [];
    const T0 = Date.UTC(2024, 4, 31, 23, 50);
    // Every ten minutes a snapshot that arrives one update late, once in May and twice in June; an update a second.
    for (let i = 1; i < 1800; i++) {
      rows.push([T0 + i * 1000, 1, 100, i, 0, i, i, i - 1]);
      if (i % 600 === 2) for (const side of [1, -1]) rows.push([T0 + i * 1000, side, side > 0 ? 99 : 101, 5, 1, i - 1, i - 1, NaN]);
    }
    const column = (c: number): Float64Array => Float64Array.from(rows, row => row[c]!);
    const book: Series = {
      kind: 'book',
      symbol: 'A/B',
      rows: rows.length,
      ts: column(0),
      columns: [1, 2, 3, 4, 5, 6, 7].map(column),
    };
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [imported(book)]);
      const dataset = await openDataset(workspace, 'd');
      for (const [second, snapshot] of [
        [500, 2],
        [1000, 602],
        [1500, 1202],
      ] as const)
        for (const booksSinceSnapshot of [true, false]) {
          const feed = await datasetFeed(dataset, { symbols: ['A/B'], kinds: ['book'], from: T0 + second * 1000, booksSinceSnapshot });
          expect(feed.inputs[0]?.from).toBe(T0 + (booksSinceSnapshot ? Math.max(1, snapshot - 60) : second) * 1000);
          const rebuilt = new BookFeed(units({ tickSize: 1, lotSize: 1 }));
          for (const { chunks } of await lastValueFrom(feed.slabs$.pipe(toArray())))
            for (const chunk of chunks) for (let row = 0; row < chunk.rows;) row += rebuilt.apply(chunk, row);
          expect(rebuilt.valid).toBe(booksSinceSnapshot || second < 1202);
          if (rebuilt.valid) expect([rebuilt.lastId, rebuilt.book.lotsAt(1, 100)]).toEqual([1799, 1799]);
        }
    });
  });
});

describe.skipIf(!hasSharedData)('recordings in a dataset (needs ../shared/data)', () => {
  const read = (name: string, symbol: string): Promise<Imported[]> =>
    readFiles([`../shared/data/${name}.csv.gz`], { mode: 'report', exchange: 'binance', symbol });

  it('come back row by row, a spot market and a perpetual side by side, and play without splitting a message', async () => {
    await inWorkspace(async workspace => {
      const spot = 'binance-spot_BTCUSDT_2024-08-08';
      const all = [
        ...(await read(`${spot}_book_l2`, 'BTC/USDT')),
        ...(await read(`${spot}_trades`, 'BTC/USDT')),
        ...(await read(`${spot}_bookticker`, 'BTC/USDT')),
        ...(await read('binance-usdm_BTCUSDT_2024-08-08_trades', 'BTC/USDT:USDT')),
      ];
      expect(all.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'))).toEqual([]);
      for (const one of all) await writeDataset(workspace, 'ticks', [one]);
      const dataset = await openDataset(workspace, 'ticks');
      for (const { series } of all) {
        const { symbol, kind, rows, ts, columns } = series;
        const chunk = await loadSeries(dataset, { symbol, kind });
        expect(chunk.rows).toBe(rows);
        [ts, ...columns].forEach((column, c) => expect(bytesOf([chunk.ts, ...chunk.columns][c]!).equals(bytesOf(column))).toBe(true));
      }
      const feed = await datasetFeed(dataset, {
        symbols: ['BTC/USDT', 'BTC/USDT:USDT'],
        kinds: ['trades'],
        optionalKinds: ['book', 'quotes'],
        slabRows: 2000,
      });
      const slabs = await lastValueFrom(feed.slabs$.pipe(toArray()));
      expect(slabs.length).toBeGreaterThan(20);
      const replayed = new BookFeed(units({ tickSize: 0.01, lotSize: 0.00001 }));
      for (const { chunks } of slabs)
        for (const chunk of chunks) if (chunk.kind === 'book') for (let row = 0; row < chunk.rows;) row += replayed.apply(chunk, row);
      // Of the spot recording in ../shared/expected/data_facts.json.
      expect(replayed.counts).toMatchObject({ applied: 3449, snapshots: 1, breaks: 0 });
      expect([replayed.book.levels(1), replayed.book.levels(-1)]).toEqual([1209, 2196]);
    });
  });
});
