import { describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/datasets/catalogue.js';
import { derivedBars } from '../../src/datasets/derived-bars.js';
import { readFiles } from '../../src/datasets/import/read-files.js';
import { loadSeries } from '../../src/datasets/load-series.js';
import type { Series } from '../../src/datasets/series.js';
import { writeDataset } from '../../src/datasets/write.js';
import { barsOf, imported } from '../arbitraries/series.js';
import { hasSharedData, sharedColumns } from './shared-data.js';
import { inWorkspace } from './workspace.js';

// Files are flushed to disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const T0 = Date.UTC(2024, 0, 1);
const SYMBOL = 'BTC/USDT:USDT';

const tradesOf = (rows: readonly (readonly [ms: number, price: number, quantity: number])[]): Series => ({
  kind: 'trades',
  symbol: SYMBOL,
  rows: rows.length,
  ts: Float64Array.from(rows, ([ms]) => T0 + ms),
  columns: [Float64Array.from(rows, row => row[1]), Float64Array.from(rows, row => row[2]), new Float64Array(rows.length).fill(1)],
});

const rowsOf = ({ rows, ts, columns }: Pick<Series, 'rows' | 'ts' | 'columns'>): number[][] =>
  Array.from({ length: rows }, (_, i) => [ts[i]! - T0, ...columns.map(column => column[i]!)]);

describe('bars that are derived within a dataset', () => {
  it('come from its trades, say what is missing, and can be added to it', async () => {
    await inWorkspace(async workspace => {
      const trades = tradesOf([
        [250, 100, 1],
        [250, 103, 2],
        [999, 99, 1],
        [3000, 101, 4],
        [4001, 105, 1],
      ]);
      await writeDataset(workspace, 'd', [imported(trades)]);
      const made = await derivedBars(await openDataset(workspace, 'd'), { symbol: SYMBOL, timeframe: '1s' });
      expect(rowsOf(made.series)).toEqual([
        [0, 100, 103, 99, 99, 4],
        [3000, 101, 101, 101, 101, 4],
      ]);
      expect(made.findings.map(({ code, count }) => [code, count])).toEqual([
        ['partial-first-bar', 1],
        ['no-trades', 2],
      ]);
      await writeDataset(workspace, 'd', [made]);
      const dataset = await openDataset(workspace, 'd');
      expect(rowsOf(await loadSeries(dataset, { symbol: SYMBOL, kind: 'bars', timeframe: '1s' }))).toEqual(rowsOf(made.series));
      expect(rowsOf(await loadSeries(dataset, { symbol: SYMBOL, kind: 'trades' }))).toEqual(rowsOf(trades));
      // Again changes nothing.
      const again = await writeDataset(workspace, 'd', [made]);
      expect(again.version).toBe(dataset.manifest.version);
      const whole = await derivedBars(dataset, { symbol: SYMBOL, timeframe: '1s', completeUntil: T0 + 5000 });
      expect(rowsOf(whole.series).at(-1)).toEqual([4000, 105, 105, 105, 105, 1]);
    });
  });

  it('come from the longest bars that divide where there are no trades', async () => {
    await inWorkspace(async workspace => {
      const hours = barsOf(Array.from({ length: 8 }, (_, i) => [T0 + i * 3_600_000, 10 + i, 12 + i, 9 + i, 11 + i, i]));
      await writeDataset(workspace, 'd', [imported(hours)]);
      const dataset = await openDataset(workspace, 'd');
      const made = await derivedBars(dataset, { symbol: SYMBOL, timeframe: '4h' });
      expect(rowsOf(made.series)).toEqual([
        [0, 10, 15, 9, 14, 6],
        [4 * 3_600_000, 14, 19, 13, 18, 22],
      ]);
      await expect(derivedBars(dataset, { symbol: SYMBOL, timeframe: '90m' })).rejects.toMatchObject({ code: 'nothing-to-resample' });
      await expect(derivedBars(dataset, { symbol: SYMBOL, timeframe: '1d' })).rejects.toMatchObject({ code: 'nothing-to-resample' });
      await expect(derivedBars(dataset, { symbol: SYMBOL, timeframe: '4h', source: 'trades' })).rejects.toMatchObject({
        code: 'missing-series',
      });
    });
  });
});

describe.skipIf(!hasSharedData)('bars from recorded trades (needs ../shared/data)', () => {
  it('make the exchange’s XRP/ETH candles of 1 and 5 minutes out of the imported trades', async () => {
    await inWorkspace(async workspace => {
      const name = (what: string): string => `binance-spot_XRPETH_${what}_2019-10-11_13`;
      await writeDataset(workspace, 'd', await readFiles([`../shared/data/${name('trades')}.csv.gz`], { mode: 'report' }));
      const dataset = await openDataset(workspace, 'd');
      for (const timeframe of ['1m', '5m']) {
        const made = await derivedBars(dataset, { symbol: 'XRP/ETH', timeframe, completeUntil: Date.UTC(2019, 9, 13, 11, 20) });
        const candles = sharedColumns(name(timeframe));
        expect([...made.series.ts]).toEqual(candles['ts']!.map(Number));
        ['open', 'high', 'low', 'close'].forEach((column, c) => expect([...made.series.columns[c]!]).toEqual(candles[column]!.map(Number)));
        made.series.columns[4]!.forEach((volume, i) => expect(Math.abs(volume - Number(candles['volume']![i]))).toBeLessThan(1e-6));
      }
    });
  });
});
