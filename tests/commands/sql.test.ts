import { spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BUSY } from './busy-strategy.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';
import { buildScript } from '../build-script.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Built into the checkout, so that node finds the packages from there. */
const script = join(resolve('.cache/tests'), 'sql-process.mjs');

let root = '';
let remove: () => Promise<void>;
let backtest = '';
let walk = '';
let trials = 0;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
const rowsOf = async (query: string): Promise<unknown[][]> => {
  const { code, out, err } = await at('sql', query, '--json');
  expect({ query, code, err }).toEqual({ query, code: 0, err: '' });
  return (JSON.parse(out) as { rows: unknown[][] }).rows;
};

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const file = join(root, 'busy.ts');
  await writeFile(file, BUSY);
  await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-03-01', '--symbols', 'BTC/USDT:USDT');
  const ran = await at('backtest', file, '--dataset', 'noise', '--seed', '9', '--json');
  backtest = (JSON.parse(ran.out) as { runId: string }).runId;
  const windows = ['--train', '20d', '--test', '12d', '--points', '2', '--min-trades', '1', '--workers', '1'];
  const walked = await at('walkforward', 'sma-cross', '--dataset', 'noise', ...windows, '--json');
  ({ runId: walk, trials } = JSON.parse(walked.out) as { runId: string; trials: number });
  await buildScript('src/cli.ts', script);
});
afterAll(() => remove());

const VIEWS: Readonly<Record<string, readonly string[]>> = {
  market_data: ['dataset', 'symbol', 'timeframe', 'ts', 'open', 'high', 'low', 'close', 'volume', 'ts_ms', 'synthetic'],
  market_trades: ['dataset', 'symbol', 'ts', 'price', 'quantity', 'side', 'ts_ms', 'synthetic'],
  funding_rates: ['dataset', 'symbol', 'ts', 'rate', 'interval', 'ts_ms', 'synthetic'],
  open_interest: ['dataset', 'symbol', 'ts', 'value', 'ts_ms', 'synthetic'],
  mark_prices: ['dataset', 'symbol', 'ts', 'price', 'ts_ms', 'synthetic'],
  index_prices: ['dataset', 'symbol', 'ts', 'price', 'ts_ms', 'synthetic'],
  quotes: ['dataset', 'symbol', 'ts', 'bid', 'bidSize', 'ask', 'askSize', 'ts_ms', 'synthetic'],
  universe: ['dataset', 'symbol', 'ts', 'listed', 'ts_ms', 'synthetic'],
  feature_data: ['feature_set', 'dataset', 'dataset_version', 'symbol', 'timeframe', 'ts', 'ts_ms'],
  runs: ['run_id', 'command', 'strategy', 'dataset', 'dataset_version', 'seed', 'fingerprint', 'sharpe', 'max_drawdown', 'final_equity'],
  settings: ['run_id', 'key', 'value', 'source'],
  events: ['run_id', 'seq', 'type', 'ts', 'known_at', 'correlation_id', 'causation_id', 'payload'],
  orders: ['run_id', 'order_id', 'submitted_ts', 'ended', 'code', 'filled_quantity', 'average_price'],
  fills: ['run_id', 'ts', 'symbol', 'order_id', 'price', 'quantity', 'fee', 'liquidity', 'reason'],
  trades: ['run_id', 'symbol', 'entry_ts', 'exit_ts', 'entry_price', 'exit_price', 'net_pnl', 'fees', 'funding', 'exit_reason'],
  state_hashes: ['run_id', 'seq', 'ts', 'hash'],
  equity_curve: ['run_id', 'ts', 'equity', 'exposure', 'gross'],
  funding_payments: ['run_id', 'ts', 'symbol', 'rate', 'quantity', 'amount'],
  plots: ['run_id', 'name', 'symbol', 'ts', 'value'],
  folds: ['run_id', 'fold', 'train_from', 'test_from', 'params', 'objective_in_sample', 'objective_out_of_sample'],
  configurations: ['run_id', 'configuration', 'rank', 'params', 'objective', 'value', 'sharpe', 'trades', 'pick', 'fingerprint'],
  forecasts: ['run_id', 'model', 'symbol', 'ts', 'up', 'flat', 'down', 'mean', 'sd', 'low', 'high', 'weight', 'outcome', 'realised'],
  model_metrics: ['run_id', 'model', 'fold', 'metric', 'value', 'low', 'high', 'n', 'reason'],
  trainings: ['run_id', 'ts', 'model', 'checkpoint', 'rows', 'trigger', 'late'],
  trials: [
    'run_id',
    'hash',
    'strategy',
    'role',
    'from',
    'to',
    'params',
    'objective',
    'sharpe',
    'settled',
    'sketch',
    'code',
    'data',
    'config',
    'begun',
  ],
  live_events: ['account', 'position', 'seq', 'type', 'ts', 'known_at', 'strategy', 'correlation_id', 'causation_id', 'payload'],
  live_orders: ['account', 'strategy', 'seq', 'order_id', 'symbol', 'quantity', 'filled_quantity', 'state', 'code', 'approved_ts', 'fee'],
  live_fills: ['account', 'strategy', 'seq', 'ts', 'order_id', 'symbol', 'price', 'quantity', 'fee', 'realised', 'liquidity', 'cause'],
  live_positions: ['account', 'strategy', 'symbol', 'side', 'quantity', 'entry_price', 'realised', 'fees', 'funding', 'ts'],
  live_equity: ['account', 'strategy', 'ts', 'equity', 'exposure', 'gross', 'profit'],
  live_decisions: ['account', 'strategy', 'seq', 'ts', 'kind', 'symbol', 'text', 'reason', 'code', 'detail'],
  logs: ['run_id', 'account', 'ts', 'level', 'source', 'message', 'detail'],
  audit_log: ['seq', 'ts', 'actor', 'type', 'promotion', 'account', 'venue', 'word', 'hash'],
  promotions: ['id', 'strategy', 'stage', 'account', 'venue', 'practice', 'size', 'share', 'since', 'overrides', 'run'],
};

describe('quantai sql', () => {
  it('has every view with its columns, in an empty workspace too', async () => {
    const { root: empty, remove: done } = await temporaryWorkspace();
    for (const workspace of [empty, root]) {
      const { out } = await quantai(['sql', 'SHOW TABLES', '--json', '--workspace', workspace]);
      expect((JSON.parse(out) as { rows: string[][] }).rows.flat().sort()).toEqual(Object.keys(VIEWS).sort());
      for (const [view, columns] of Object.entries(VIEWS)) {
        const asked = await quantai([
          'sql',
          `SELECT ${columns.map(name => `"${name}"`).join(', ')} FROM ${view} LIMIT 1`,
          '--json',
          '--workspace',
          workspace,
        ]);
        expect({ view, code: asked.code, err: asked.err }).toEqual({ view, code: 0, err: '' });
      }
    }
    await done();
  });

  it('joins the tables of a run by its id', async () => {
    expect(await rowsOf(`SELECT run_id, command, strategy, dataset FROM runs ORDER BY command`)).toEqual([
      [backtest, 'backtest', 'busy', 'noise'],
      [walk, 'walkforward', 'sma-cross', 'noise'],
    ]);
    for (const table of ['events', 'orders', 'fills', 'trades', 'equity_curve', 'funding_payments', 'plots'])
      expect((await rowsOf(`SELECT count(*) > 0 FROM ${table} WHERE run_id = '${backtest}'`))[0], table).toEqual([true]);
    // The curve's last point is the final equity of the run, and every fill's order is in the run's table of orders.
    expect(
      await rowsOf(
        `SELECT run_id, last(equity ORDER BY ts) = any_value(final_equity) FROM equity_curve JOIN runs USING (run_id) GROUP BY 1 ORDER BY 2, 1`,
      ),
    ).toEqual([backtest, walk].sort().map(run => [run, true]));
    expect(
      await rowsOf(
        `SELECT count(*) FROM (SELECT run_id, order_id FROM fills ANTI JOIN orders USING (run_id, order_id)) WHERE run_id = '${backtest}'`,
      ),
    ).toEqual([[0]]);
    expect(await rowsOf(`SELECT count(*) FROM folds WHERE run_id = '${walk}' AND test_from = train_to`)).toEqual([[3]]);
  });

  it('shows times as UTC timestamps, flags as booleans and payloads as JSON', async () => {
    expect((await rowsOf(`SELECT min(ts) FROM equity_curve WHERE run_id = '${backtest}'`))[0]).toEqual(['2023-01-01 01:00:00']);
    expect(await rowsOf(`SELECT DISTINCT typeof(submitted_ts), typeof(post_only) FROM orders`)).toEqual([['TIMESTAMP', 'BOOLEAN']]);
    expect(
      await rowsOf(
        `SELECT count(*) = (SELECT count(*) FROM fills WHERE run_id = '${backtest}') FROM events
         WHERE type = 'OrderFilled' AND (payload->>'$.lots')::DOUBLE > 0 AND run_id = '${backtest}'`,
      ),
    ).toEqual([[true]]);
  });

  it('lists what a run was set to and what it left in words', async () => {
    expect(
      await rowsOf(
        `SELECT key, value FROM settings WHERE run_id = '${backtest}' AND key IN ('config.seed', 'params.length', 'config.fees.kind', 'config.risk.maxDrawdown') ORDER BY key`,
      ),
    ).toEqual([
      ['config.fees.kind', 'maker-taker'],
      ['config.risk.maxDrawdown', null],
      ['config.seed', '9'],
      ['params.length', '5'],
    ]);
    const notes = await rowsOf(`SELECT level, message FROM logs WHERE run_id = '${backtest}' AND source = 'NoteWritten'`);
    expect(notes.length).toBeGreaterThan(0);
    for (const [level, message] of notes) expect([level, message]).toEqual(['info', expect.stringMatching(/^a note at \d/)]);
    expect((await rowsOf(`SELECT count(*) > 0 FROM logs WHERE source = 'IntentDenied' AND level = 'warning'`))[0]).toEqual([true]);
  });

  it('has a backtest among the trials, with what came of it', async () => {
    const [row] = await rowsOf(
      `SELECT role, settled, objective, t.sharpe * sqrt(365) - r.sharpe, strlen(sketch), year(begun) > 2000 FROM trials t JOIN runs r USING (run_id) WHERE run_id = '${backtest}'`,
    );
    // 59 days of returns make 59 bytes; the run's Sharpe ratio is of the same returns, annual.
    expect(row!.toSpliced(3, 1)).toEqual(['run', true, null, 80, true]);
    expect(Math.abs(Number(row![3]))).toBeLessThan(1e-9);
  });

  it('counts each trial of a run once, with its result', async () => {
    const [row] = await rowsOf(
      `SELECT count(*), count(DISTINCT hash), count(*) FILTER (role = 'test'), count(DISTINCT params::VARCHAR) > 1, any_value(strategy) FROM trials WHERE run_id = '${walk}'`,
    );
    expect(row).toEqual([trials, trials, 3, true, 'sma-cross']);
  });

  it('prints a table for people', async () => {
    const { code, out } = await at('sql', `SELECT run_id, trades FROM runs ORDER BY 1`);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^run_id +trades$/);
    expect((await at('sql', 'SELECT * FROM market_trades')).out).toBe('No rows.\n');
  });

  it('reads no file outside the workspace and writes nothing', async () => {
    const before = await readdir(join(root, 'reports'), { recursive: true });
    for (const query of [
      `SELECT * FROM read_text('/etc/hostname')`,
      `SELECT * FROM read_text('${join(root, 'busy.ts')}')`,
      `SELECT * FROM read_csv('${join(root, 'reports/../../*')}')`,
      `SELECT * FROM glob('/etc/*')`,
    ]) {
      const ran = await at('sql', query);
      expect({ query, code: ran.code, out: ran.out }).toEqual({ query, code: 2, out: '' });
      expect(ran.err).toMatch(/^error: .*(Permission|disabled|allowed)/im);
    }
    for (const query of [
      `COPY (SELECT 1) TO '${join(root, 'reports/x.csv')}'`,
      `CREATE TABLE t AS SELECT 1`,
      `DROP VIEW runs`,
      `UPDATE runs SET seed = 1`,
      `ATTACH '${join(root, 'reports/x.db')}'`,
      `SET enable_external_access = true`,
      `SELECT 1; SELECT 2`,
    ]) {
      const ran = await at('sql', query);
      expect({ query, code: ran.code, out: ran.out }).toEqual({ query, code: 2, out: '' });
      expect(ran.err).toMatch(/^error: (The query|Binder Error: Can only update base table)/m);
    }
    expect(await readdir(join(root, 'reports'), { recursive: true })).toEqual(before);
  });

  it('is answered by any number of processes at once, while a run is being written', async () => {
    const ask = (): Promise<{ code: number | null; out: string }> =>
      new Promise((done, fail) => {
        const words = ['sql', 'SELECT count(*) FROM market_data CROSS JOIN range(20)', '--json', '--workspace', root];
        const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
        let out = '';
        child.stdout.on('data', (data: Buffer) => (out += data.toString()));
        child.on('error', fail).on('close', code => done({ code, out }));
      });
    const [first, second, run] = await Promise.all([ask(), ask(), at('backtest', 'sma-cross', '--dataset', 'noise', '--json')]);
    expect(run.code).toBe(0);
    for (const { code, out } of [first, second]) {
      expect(code).toBe(0);
      // The sample's three symbols over two years are in every workspace.
      expect((JSON.parse(out) as { rows: number[][] }).rows).toEqual([[20 * (59 * 24 + 3 * 17_544)]]);
    }
  });

  it('does not show a run that is not finished', async () => {
    const folder = join(root, 'reports', 'half-a-run');
    await mkdir(folder);
    await writeFile(join(folder, 'result.json'), '{}');
    await writeFile(join(folder, 'fills.parquet'), 'half a fi');
    expect(await rowsOf(`SELECT count(*) FROM fills WHERE run_id = 'half-a-run'`)).toEqual([[0]]);
    expect(await rowsOf(`SELECT count(*) FROM runs WHERE run_id = 'half-a-run'`)).toEqual([[0]]);
  });
});
