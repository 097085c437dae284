import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDuckDB, sqlText } from '../../src/duckdb.js';
import { BUSY } from './busy-strategy.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Document {
  readonly runId: string;
  readonly bars: number;
  readonly finalEquity: number;
  readonly account: { readonly cash: number; readonly positions: Record<string, number> };
  readonly metrics: Record<string, number>;
  readonly costs: Record<string, number>;
  readonly outOfSample: Record<string, number>;
  readonly folds: readonly { readonly test: { readonly from: number }; readonly params: object }[];
}

let root = '';
let remove: () => Promise<void>;
let backtest: Document;
let walk: Document;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
const documentOf = async (...words: string[]): Promise<Document> => {
  const { code, out, err } = await at(...words, '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Document;
};
const folderOf = ({ runId }: Document): string => join(root, 'reports', runId);

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const file = join(root, 'busy.ts');
  await writeFile(file, BUSY);
  await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-03-01', '--symbols', 'BTC/USDT:USDT');
  backtest = await documentOf('backtest', file, '--dataset', 'noise');
  const windows = ['--train', '20d', '--test', '12d', '--points', '2', '--min-trades', '1', '--workers', '1'];
  walk = await documentOf('walkforward', 'sma-cross', '--dataset', 'noise', ...windows);
});
afterAll(() => remove());

/** As any program with DuckDB reads the files of a run; `$name` is one of them. */
const ask = async (document: Document, query: string): Promise<unknown[]> => {
  const engine = await openDuckDB({ threads: 1 });
  try {
    const text = query.replace(/\$(\w+)/g, (_, name: string) => `read_parquet(${sqlText(join(folderOf(document), `${name}.parquet`))})`);
    return (await engine.connection.runAndReadAll(text)).getRows().flat();
  } finally {
    engine.close();
  }
};

const TABLES = ['journal', 'states', 'orders', 'fills', 'trades', 'equity', 'funding', 'plots'];

describe('the folder of a finished backtest', () => {
  it('holds everything by name, and nothing half-written', async () => {
    expect((await readdir(folderOf(backtest))).sort()).toEqual(
      [
        ...TABLES.map(name => `${name}.parquet`),
        'fills.csv',
        'trades.csv',
        'manifest.json',
        'report-input.json.gz',
        'report.html',
        'result.json',
        'strategy.mjs',
      ].sort(),
    );
  });

  it('names each table in its manifest with rows and hash', async () => {
    const { files } = JSON.parse(await readFile(join(folderOf(backtest), 'manifest.json'), 'utf8')) as {
      files: Record<string, { rows: number; sha256: string }>;
    };
    expect(Object.keys(files).sort()).toEqual(TABLES.map(name => `${name}.parquet`).sort());
    for (const [name, { rows, sha256 }] of Object.entries(files)) {
      expect(
        createHash('sha256')
          .update(await readFile(join(folderOf(backtest), name)))
          .digest('hex'),
        name,
      ).toBe(sha256);
      expect(await ask(backtest, `SELECT count(*)::DOUBLE FROM $${name.replace('.parquet', '')}`)).toEqual([rows]);
    }
  });

  it('is the same, byte for byte, when the run is repeated', async () => {
    const again = await documentOf('backtest', join(root, 'busy.ts'), '--dataset', 'noise');
    for (const name of [...TABLES.map(table => `${table}.parquet`), 'fills.csv', 'trades.csv']) {
      const [a, b] = await Promise.all([backtest, again].map(run => readFile(join(folderOf(run), name))));
      expect(a?.equals(b ?? Buffer.alloc(0)), name).toBe(true);
    }
  });

  it('keeps times as epoch milliseconds in doubles, and names in snake case', async () => {
    for (const table of TABLES) {
      const columns = await ask(backtest, `SELECT column_name FROM (DESCRIBE SELECT * FROM $${table})`);
      for (const column of columns) expect(column).toMatch(/^[a-z]+(_[a-z]+)*$/);
      const types = await ask(
        backtest,
        `SELECT DISTINCT column_type FROM (DESCRIBE SELECT * FROM $${table}) WHERE regexp_matches(column_name, '(^|_)(ts|known_at)$')`,
      );
      expect(types, table).toEqual(['DOUBLE']);
    }
    expect(await ask(backtest, 'SELECT min(ts), max(ts) FROM $equity')).toEqual([Date.UTC(2023, 0, 1, 1), Date.UTC(2023, 2, 1)]);
  });

  it('accounts for every cent: realised less fees and with funding is the cash, and the curve ends at the final equity', async () => {
    const [cash, fees] = await ask(
      backtest,
      'SELECT 100000 + sum(realised - fee) + (SELECT sum(amount) FROM $funding), sum(fee) FROM $fills',
    );
    expect(cash).toBeCloseTo(backtest.account.cash, 6);
    expect(fees).toBeCloseTo(backtest.costs['fees'] ?? NaN, 6);
    expect(await ask(backtest, 'SELECT last(equity ORDER BY ts) FROM $equity')).toEqual([backtest.finalEquity]);
    const held = await ask(backtest, `SELECT sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) FROM $fills`);
    expect(held[0]).toBeCloseTo(backtest.account.positions['BTC/USDT:USDT'] ?? 0, 9);
  });

  it('has one row an order that agrees with its fills and with the journal', async () => {
    expect(await ask(backtest, 'SELECT count(*) = count(DISTINCT order_id), count(*) > 50 FROM $orders')).toEqual([true, true]);
    expect(await ask(backtest, `SELECT count(*) FROM $orders`)).toEqual(
      await ask(backtest, `SELECT count(*) FROM $journal WHERE type = 'OrderApproved'`),
    );
    // Each end in the journal is an end in the table, and an order without one still works.
    for (const [ended, type] of [
      ['cancelled', 'OrderCancelled'],
      ['expired', 'OrderExpired'],
      ['rejected', 'OrderRejected'],
    ])
      expect(await ask(backtest, `SELECT count(*) FROM $orders WHERE ended = '${ended}'`)).toEqual(
        await ask(backtest, `SELECT count(*) FROM $journal WHERE type = '${type}'`),
      );
    expect(
      await ask(
        backtest,
        `SELECT count(*) FROM $orders o LEFT JOIN (
           SELECT order_id, sum(quantity) AS q, sum(price * quantity) / sum(quantity) AS p, sum(fee) AS f, max(ts) AS t FROM $fills GROUP BY 1
         ) f USING (order_id)
         WHERE abs(filled_quantity - coalesce(q, 0)) > 1e-9 OR abs(average_price - p) > 1e-6 OR abs(fee - coalesce(f, 0)) > 1e-6
            OR (average_price IS NULL) <> (q IS NULL) OR (ended = 'filled') <> (filled_lots = lots AND ended_ts = t)
            OR (ended IS NULL) <> (ended_ts IS NULL) OR filled_lots > lots`,
      ),
    ).toEqual([0n]);
  });

  it('has the round trips that the metrics count, with their costs', async () => {
    const [count, wrong, late] = await ask(
      backtest,
      'SELECT count(*)::DOUBLE, count(*) FILTER (abs(net_pnl - (gross_pnl - fees + funding)) > 1e-6), count(*) FILTER (exit_ts < entry_ts) FROM $trades',
    );
    expect([count, wrong, late]).toEqual([backtest.metrics['trades'], 0n, 0n]);
  });

  it('has what the strategy drew', async () => {
    expect(await ask(backtest, 'SELECT DISTINCT name FROM $plots')).toEqual(['mean']);
    expect(await ask(backtest, 'SELECT count(*)::DOUBLE FROM $plots')).toEqual([backtest.bars]);
  });
});

/** A reader of CSV by the book (RFC 4180), for tests. */
const parseCsv = (text: string): Record<string, string>[] => {
  const rows = [...text.matchAll(/((?:(?:"(?:[^"]|"")*"|[^,\n"]*)(?:,|(?=\n)))+)\n/g)].map(([, line = '']) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,"]*)(,|$)/g)].map(([, cell = '']) =>
      cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
    ),
  );
  const [header = [], ...body] = rows;
  return body.map(cells => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
};

describe('a run’s tables as CSV', () => {
  it('are in the folder, with every digit, each time in words beside it, and texts that hold commas and quotes', async () => {
    const fills = parseCsv(await readFile(join(folderOf(backtest), 'fills.csv'), 'utf8'));
    expect(fills.map(({ price }) => Number(price))).toEqual(await ask(backtest, 'SELECT price FROM $fills'));
    expect(fills.map(({ fee }) => Number(fee))).toEqual(await ask(backtest, 'SELECT fee FROM $fills'));
    expect(fills.map(({ reason }) => reason)).toEqual(await ask(backtest, 'SELECT reason FROM $fills'));
    expect(fills.map(({ reason }) => reason)).toContain('side of the "mean", or not');
    for (const { ts, time } of fills) expect(Date.parse(time ?? '')).toBe(Math.floor(Number(ts)));
    const trades = parseCsv(await readFile(join(folderOf(backtest), 'trades.csv'), 'utf8'));
    expect(trades.map(({ net_pnl: net }) => Number(net))).toEqual(await ask(backtest, 'SELECT net_pnl FROM $trades'));
    expect(trades[0]).toMatchObject({ entry_time: expect.stringMatching(/^2023-01-.*Z$/) as string });
  });

  it('come from `report --csv` too, on stdout or in a file', async () => {
    for (const table of ['fills', 'trades']) {
      const { code, out } = await at('report', backtest.runId, '--csv', table);
      expect(code).toBe(0);
      expect(out).toBe(await readFile(join(folderOf(backtest), `${table}.csv`), 'utf8'));
    }
    const file = join(root, 'exports', 'equity.csv');
    const { code, out } = await at('report', backtest.runId, '--csv', 'equity', '--out', file, '--json');
    expect(code).toBe(0);
    const equity = parseCsv(await readFile(file, 'utf8'));
    expect(JSON.parse(out)).toMatchObject({ table: 'equity', file, rows: equity.length });
    expect(Number(equity.at(-1)?.['equity'])).toBe(backtest.finalEquity);
    const joined = await at('report', walk.runId, '--csv', 'trades', '--json');
    expect(JSON.parse(joined.out)).toMatchObject({ rows: walk.outOfSample['trades'] });
  });

  it('are only those that there are', async () => {
    expect(await at('report', backtest.runId, '--csv', 'orders')).toMatchObject({ code: 2 });
    expect(await at('report', backtest.runId, '--out', 'x.csv')).toMatchObject({ code: 2 });
  });
});

describe('the folder of a finished walk-forward', () => {
  it('holds its folds and the joined tests', async () => {
    const names = await readdir(folderOf(walk));
    for (const name of ['folds', 'equity', 'fills', 'trades', 'funding', 'plots']) expect(names).toContain(`${name}.parquet`);
    expect(names).not.toContain('journal.parquet');
    expect(await ask(walk, 'SELECT test_from FROM $folds ORDER BY fold')).toEqual(walk.folds.map(({ test }) => test.from));
    expect(await ask(walk, 'SELECT params FROM $folds ORDER BY fold')).toEqual(
      walk.folds.map(({ params }) => params && JSON.stringify(params)),
    );
    expect(await ask(walk, 'SELECT last(equity ORDER BY ts) FROM $equity')).toEqual([walk.finalEquity]);
    // Each fold begins with what the one before left, and the last one ends with the final equity.
    expect(
      await ask(
        walk,
        'SELECT count(*) FILTER (start_equity <> before) FROM (SELECT start_equity, lag(end_equity) OVER (ORDER BY fold) AS before FROM $folds)',
      ),
    ).toEqual([0n]);
    expect(await ask(walk, 'SELECT last(end_equity ORDER BY fold) FROM $folds')).toEqual([walk.finalEquity]);
    expect(await ask(walk, 'SELECT count(*)::DOUBLE FROM $trades')).toEqual([walk.outOfSample['trades']]);
  });
});

describe('runs and their comparison', () => {
  it('lists runs of both kinds with their figures', async () => {
    const { runs } = JSON.parse((await at('runs', '--json')).out) as {
      runs: { runId: string; kind: string; metrics: Record<string, number> }[];
    };
    const of = ({ runId }: Document) => runs.find(run => run.runId === runId);
    expect(of(backtest)).toMatchObject({ kind: 'backtest', metrics: { sharpe: backtest.metrics['sharpe'] } });
    expect(of(walk)).toMatchObject({ kind: 'walkforward', metrics: { sharpe: walk.outOfSample['sharpe'] } });
    const { out } = await at('runs');
    const line = out.split('\n').find(text => text.startsWith(`${walk.runId} `)) ?? '';
    expect(line).toContain(((walk.outOfSample['totalReturn'] ?? NaN) * 100).toFixed(1));
    expect(line).toContain((walk.outOfSample['sharpe'] ?? NaN).toFixed(2));
    expect(line).toContain(String(walk.outOfSample['trades']));
  });

  it('compares two backtests, two walk-forwards, and one of each', async () => {
    const one = await documentOf('backtest', 'buy-and-hold', '--dataset', 'noise');
    const windows = ['--train', '20d', '--test', '12d', '--points', '2', '--min-trades', '1', '--workers', '1'];
    const other = await documentOf('walkforward', 'sma-cross', '--dataset', 'noise', '--anchored', ...windows);
    for (const [a, b] of [
      [backtest, one],
      [walk, other],
      [one, walk],
    ] as const) {
      const { code, out, err } = await at('compare', a.runId, b.runId, '--json');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const compared = JSON.parse(out) as { runs: { runId: string }[]; report: string };
      expect(compared.runs.map(({ runId }) => runId)).toEqual([a.runId, b.runId]);
      const page = await readFile(compared.report, 'utf8');
      for (const { runId } of [a, b]) expect(page).toContain(runId);
    }
  });
});
