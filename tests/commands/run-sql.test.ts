import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runSql as ask, type SqlResult } from '../../src/commands/run-sql.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { writeDataset } from '../../src/datasets/write.js';
import type { Series } from '../../src/datasets/series.js';
import { writeParquet } from '../../src/parquet.js';
import { barsOf, imported } from '../arbitraries/series.js';
import { temporaryWorkspace } from './run-quantai.js';

// Files are flushed to disk and processes started: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const runSql = (folder: string, query: string): Promise<SqlResult> => ask(workspaceAt(folder), query);

const inWorkspace = async (work: (workspace: string) => Promise<void>): Promise<void> => {
  const { root, remove } = await temporaryWorkspace();
  await work(root).finally(remove);
};

const H = 3_600_000;
const JAN = Date.UTC(2024, 0, 1);
const funding: Series = {
  kind: 'funding',
  symbol: 'BTC/USDT:USDT',
  rows: 2,
  ts: Float64Array.of(JAN, JAN + 8 * H),
  columns: [Float64Array.of(0.0001, -0.0002), Float64Array.of(8 * H, 8 * H)],
};

describe('SQL over the workspace', () => {
  it('has every view in an empty workspace, with its columns', async () => {
    await inWorkspace(async workspace => {
      for (const view of [
        'market_trades',
        'open_interest',
        'quotes',
        'index_prices',
        'runs',
        'fills',
        'trades',
        'equity_curve',
        'folds',
        'trials',
      ])
        expect(await runSql(workspace, `SELECT count(*) AS n FROM ${view}`)).toEqual({ columns: ['n'], rows: [[0]] });
      expect((await runSql(workspace, 'SELECT * FROM open_interest')).columns).toEqual([
        'dataset',
        'symbol',
        'ts',
        'value',
        'ts_ms',
        'synthetic',
      ]);
      expect((await runSql(workspace, 'SELECT run_id, ts, equity, exposure FROM equity_curve')).rows).toEqual([]);
      expect((await runSql(workspace, 'SELECT entry_ts, net_pnl FROM trades')).rows).toEqual([]);
    });
  });

  it('shows bars and funding of every dataset with UTC times, missing volume as NULL', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'btc', [imported(barsOf([[JAN + 13 * H, 1, 3, 0.5, 2, NaN]])), imported(funding)]);
      const name = `dataset = 'btc'`;
      expect(await runSql(workspace, `SELECT * FROM market_data WHERE ${name}`)).toEqual({
        columns: ['dataset', 'symbol', 'timeframe', 'ts', 'open', 'high', 'low', 'close', 'volume', 'ts_ms', 'synthetic'],
        rows: [['btc', 'BTC/USDT:USDT', '1h', '2024-01-01 13:00:00', 1, 3, 0.5, 2, null, JAN + 13 * H, false]],
      });
      expect(
        (await runSql(workspace, `SELECT ts, rate FROM funding_rates WHERE ${name} AND ts >= '2024-01-01 08:00' ORDER BY ts`)).rows,
      ).toEqual([['2024-01-01 08:00:00', -0.0002]]);
    });
  });

  it('has the packaged sample in it, marked synthetic', async () => {
    await inWorkspace(async workspace => {
      const { rows } = await runSql(
        workspace,
        'SELECT symbol, count(*), bool_and(synthetic) FROM market_data GROUP BY symbol ORDER BY symbol',
      );
      expect(rows).toEqual(['BTC', 'ETH', 'SOL'].map(coin => [`${coin}/USDT:USDT`, 17_544, true]));
    });
  });

  it('shows the newest version only', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [imported(barsOf([[JAN, 1, 3, 0.5, 2, 1]]))]);
      await writeDataset(workspace, 'd', [imported(barsOf([[JAN, 1, 3, 0.5, 2.5, 1]]))]);
      expect((await runSql(workspace, `SELECT close FROM market_data WHERE dataset = 'd'`)).rows).toEqual([[2.5]]);
    });
  });

  it('shows runs, their tables and the trial ledger, with half a last line left aside', async () => {
    await inWorkspace(async workspace => {
      for (const run of ['run-a', 'run-b']) {
        const folder = join(workspace, 'reports', run);
        await mkdir(folder, { recursive: true });
        await writeFile(
          join(folder, 'manifest.json'),
          JSON.stringify({ command: 'backtest', strategy: "it's mine", seed: 7, fingerprint: run }),
        );
        await writeParquet(join(folder, 'equity.parquet'), { ts: Float64Array.of(JAN, JAN + H), equity: Float64Array.of(1, 2) });
      }
      const empty = new Float64Array();
      await writeParquet(join(workspace, 'reports/run-a/fills.parquet'), { ts: empty, price: empty, symbol: [], side: [] });
      await writeParquet(join(workspace, 'reports/run-b/fills.parquet'), {
        ts: Float64Array.of(JAN),
        price: Float64Array.of(5),
        symbol: ['A'],
        side: ['buy'],
      });
      await mkdir(join(workspace, 'ledger'));
      await writeFile(
        join(workspace, 'ledger/run-a.ndjson'),
        '{"hash":"x","params":{"fast":1},"objective":0.5}\n{"hash":"y","params":{"slow":2}}\n{"hash":"z","par',
      );
      expect((await runSql(workspace, 'SELECT run_id, strategy, seed, fingerprint FROM runs ORDER BY 1')).rows).toEqual([
        ['run-a', "it's mine", 7, 'run-a'],
        ['run-b', "it's mine", 7, 'run-b'],
      ]);
      expect((await runSql(workspace, 'SELECT run_id, ts, equity, exposure FROM equity_curve ORDER BY 1, 2')).rows).toEqual([
        ['run-a', '2024-01-01 00:00:00', 1, null],
        ['run-a', '2024-01-01 01:00:00', 2, null],
        ['run-b', '2024-01-01 00:00:00', 1, null],
        ['run-b', '2024-01-01 01:00:00', 2, null],
      ]);
      expect((await runSql(workspace, 'SELECT run_id, ts, symbol, side, price, reason FROM fills')).rows).toEqual([
        ['run-b', '2024-01-01 00:00:00', 'A', 'buy', 5, null],
      ]);
      expect((await runSql(workspace, 'SELECT run_id, hash, objective FROM trials ORDER BY hash')).rows).toEqual([
        ['run-a', 'x', 0.5],
        ['run-a', 'y', null],
      ]);
    });
  });

  it('reads nothing outside the workspace and writes nothing at all', async () => {
    await inWorkspace(async workspace => {
      await writeDataset(workspace, 'd', [imported(barsOf([[JAN, 1, 3, 0.5, 2, 1]]))]);
      const before = await readdir(join(workspace, 'datasets'));
      const target = join(workspace, 'datasets/evil.csv');
      for (const query of [
        `SELECT * FROM read_text('/etc/hostname')`,
        `SELECT * FROM read_csv('${join(workspace, '../*')}')`,
        `SELECT * FROM read_text('${join(workspace, 'datasets/../../../etc/hostname')}')`,
      ])
        await expect(runSql(workspace, query), query).rejects.toMatchObject({ code: 'sql-error', exitCode: 2 });
      for (const query of [
        `COPY (SELECT 1) TO '${target}'`,
        `EXPLAIN ANALYZE COPY (SELECT 1) TO '${target}'`,
        'CREATE TABLE t AS SELECT 1',
        'SET enable_external_access = true',
        `ATTACH '${join(workspace, 'datasets/x.db')}'`,
        'INSTALL httpfs',
        'SELECT 1; SELECT 2',
        '',
      ])
        await expect(runSql(workspace, query), query).rejects.toMatchObject({ code: 'not-a-query' });
      expect(await readdir(join(workspace, 'datasets'))).toEqual(before);
    });
  });

  it('explains a wrong query in one sentence and gives plain values', async () => {
    await inWorkspace(async workspace => {
      await expect(runSql(workspace, 'SELECT * FROM market_dat')).rejects.toMatchObject({
        code: 'sql-error',
        message: expect.stringContaining('market_data'),
      });
      expect(
        (
          await runSql(
            workspace,
            `SELECT 1, 2.5::DOUBLE, 'x', NULL, true, 'nan'::DOUBLE, 9007199254740993, DATE '2024-01-01', 1.5::DECIMAL(4,2)`,
          )
        ).rows,
      ).toEqual([[1, 2.5, 'x', null, true, null, '9007199254740993', '2024-01-01', '1.50']]);
      expect((await runSql(workspace, 'SHOW TABLES')).rows.flat()).toContain('market_data');
      expect((await runSql(workspace, 'DESCRIBE market_data')).rows.length).toBe(11);
    });
  });
});
