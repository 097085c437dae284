import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, sqlName, sqlText } from '../duckdb.js';
import { KIND_COLUMNS, type MarketKind } from '../events/market.js';
import { listDatasets, type Dataset } from './catalogue.js';

type ColumnTypes = Readonly<Record<string, 'VARCHAR' | 'DOUBLE' | 'TIMESTAMP' | 'BIGINT' | 'BOOLEAN' | 'JSON'>>;

/** A view without rows that has the right columns: a query works before there is data. */
const emptySelect = (columns: ColumnTypes): string =>
  `SELECT ${Object.entries(columns)
    .map(([name, type]) => `NULL::${type} AS ${sqlName(name)}`)
    .join(', ')} WHERE false`;

/** Epoch milliseconds to a UTC timestamp, to the microsecond. */
const timestamp = (column: string): string => `make_timestamp(CAST(round(${column} * 1000) AS BIGINT))`;

const MARKET_VIEWS: readonly (readonly [view: string, kind: MarketKind])[] = [
  ['market_data', 'bars'],
  ['market_trades', 'trades'],
  ['funding_rates', 'funding'],
  ['open_interest', 'open-interest'],
  ['mark_prices', 'mark'],
  ['index_prices', 'index'],
  ['quotes', 'quotes'],
];

const marketView = (datasets: readonly Dataset[], kind: MarketKind): string => {
  const values = KIND_COLUMNS[kind];
  const types: ColumnTypes = {
    dataset: 'VARCHAR',
    symbol: 'VARCHAR',
    ...(kind === 'bars' ? { timeframe: 'VARCHAR' as const } : {}),
    ts: 'TIMESTAMP',
    ...Object.fromEntries(values.map(name => [name, 'DOUBLE' as const])),
    ts_ms: 'DOUBLE',
    synthetic: 'BOOLEAN',
  };
  const selects = datasets.flatMap(dataset =>
    dataset.entries
      .filter(entry => entry.kind === kind)
      .map(entry => {
        const fixed = [`${sqlText(dataset.id)} AS dataset`, `${sqlText(entry.symbol)} AS symbol`];
        if (kind === 'bars') fixed.push(`${sqlText(entry.timeframe ?? '')} AS timeframe`);
        const columns = [
          ...fixed,
          `${timestamp('ts')} AS ts`,
          ...values.map(sqlName),
          'ts AS ts_ms',
          `${dataset.manifest.synthetic} AS synthetic`,
        ];
        return `SELECT ${columns.join(', ')} FROM read_parquet(${sqlList(entry.files.map(file => join(dataset.folder, file.path)))})`;
      }),
  );
  return [emptySelect(types), ...selects].join(' UNION ALL ');
};

/** The columns that each table of a run is known to have; a run's file may have more. Times are UTC timestamps. */
const RUN_TABLES: Readonly<Record<string, { readonly file: string; readonly columns: ColumnTypes }>> = {
  fills: {
    file: 'fills.parquet',
    columns: {
      run_id: 'VARCHAR',
      seq: 'DOUBLE',
      ts: 'TIMESTAMP',
      symbol: 'VARCHAR',
      orderId: 'VARCHAR',
      side: 'VARCHAR',
      price: 'DOUBLE',
      quantity: 'DOUBLE',
      fee: 'DOUBLE',
      slippage: 'DOUBLE',
      liquidity: 'VARCHAR',
      realised: 'DOUBLE',
      reason: 'VARCHAR',
    },
  },
  trades: {
    file: 'trades.parquet',
    columns: {
      run_id: 'VARCHAR',
      symbol: 'VARCHAR',
      side: 'VARCHAR',
      entryTs: 'TIMESTAMP',
      exitTs: 'TIMESTAMP',
      entryPrice: 'DOUBLE',
      exitPrice: 'DOUBLE',
      quantity: 'DOUBLE',
      grossPnl: 'DOUBLE',
      fees: 'DOUBLE',
      slippage: 'DOUBLE',
      funding: 'DOUBLE',
      netPnl: 'DOUBLE',
      netReturn: 'DOUBLE',
      entryReason: 'VARCHAR',
      exitReason: 'VARCHAR',
    },
  },
  equity_curve: {
    file: 'equity.parquet',
    columns: { run_id: 'VARCHAR', ts: 'TIMESTAMP', equity: 'DOUBLE', exposure: 'DOUBLE', gross: 'DOUBLE' },
  },
  folds: {
    file: 'folds.parquet',
    columns: {
      run_id: 'VARCHAR',
      fold: 'DOUBLE',
      trainFrom: 'TIMESTAMP',
      trainTo: 'TIMESTAMP',
      testFrom: 'TIMESTAMP',
      testTo: 'TIMESTAMP',
      params: 'VARCHAR',
    },
  },
};

const describeColumns = async (connection: DuckDBConnection, source: string): Promise<readonly { name: string; type: string }[]> =>
  (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`))
    .getRows()
    .map(([name, type]) => ({ name: String(name), type: String(type) }));

const isTime = (name: string, columns: ColumnTypes): boolean => columns[name] === 'TIMESTAMP' || name === 'ts' || name.endsWith('Ts');

const runView = async (connection: DuckDBConnection, reports: string, runs: readonly string[], view: string): Promise<string> => {
  const { file = '', columns = {} } = RUN_TABLES[view] ?? {};
  const paths = runs.map(run => join(reports, run, file)).filter(existsSync);
  if (paths.length === 0) return emptySelect(columns);
  const source = `read_parquet(${sqlList(paths)}, union_by_name = true, filename = true)`;
  const found = (await describeColumns(connection, source)).filter(({ name }) => name !== 'filename' && name !== 'run_id');
  const select = found.map(({ name, type }) =>
    isTime(name, columns) && type === 'DOUBLE' ? `${timestamp(sqlName(name))} AS ${sqlName(name)}` : sqlName(name),
  );
  // The folder that holds the file is the run's id, with either slash.
  const runId = `regexp_extract(filename, '([^/\\\\]+)[/\\\\][^/\\\\]+$', 1) AS run_id`;
  return `${emptySelect(columns)} UNION ALL BY NAME SELECT ${[runId, ...select].join(', ')} FROM ${source}`;
};

const RUN_COLUMNS: ColumnTypes = {
  run_id: 'VARCHAR',
  command: 'VARCHAR',
  strategy: 'VARCHAR',
  dataset: 'VARCHAR',
  dataset_version: 'VARCHAR',
  seed: 'DOUBLE',
  fingerprint: 'VARCHAR',
  manifest: 'JSON',
};

const runsView = async (reports: string, runs: readonly string[]): Promise<string> => {
  const selects: string[] = [];
  for (const run of runs) {
    const text = await readFile(join(reports, run, 'manifest.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const json = `${sqlText(text)}::JSON`;
    const pick = (...paths: readonly string[]): string =>
      `coalesce(${paths.map(path => `json_extract_string(m, '$.${path}')`).join(', ')}, NULL)`;
    selects.push(
      `SELECT ${sqlText(run)}, ${pick('command', 'mode')}, ${pick('strategy.name', 'strategy')}, ${pick('dataset.id', 'dataset')}, ` +
        `${pick('dataset.version', 'datasetVersion')}, TRY_CAST(${pick('seed')} AS DOUBLE), ${pick('fingerprint')}, m FROM (SELECT ${json} AS m)`,
    );
  }
  return [emptySelect(RUN_COLUMNS), ...selects].join(' UNION ALL ');
};

const trialsView = async (connection: DuckDBConnection, ledger: string): Promise<string> => {
  const empty = emptySelect({ run_id: 'VARCHAR' });
  const files = (await readdir(ledger).catch(() => [])).filter(name => name.endsWith('.ndjson')).sort();
  if (files.length === 0) return emptySelect({ run_id: 'VARCHAR', hash: 'VARCHAR', params: 'JSON' });
  // A run that was cut off leaves half a last line: that line is skipped, the others count.
  const source =
    `read_json(${sqlList(files.map(name => join(ledger, name)))}, format = 'newline_delimited', ` +
    'ignore_errors = true, union_by_name = true, filename = true, maximum_depth = 2)';
  const names = (await describeColumns(connection, source)).map(({ name }) => name);
  const kept = names.filter(name => name !== 'filename' && !['run_id', 'runid'].includes(name.toLowerCase())).map(sqlName);
  const runId = `regexp_extract(filename, '([^/\\\\]+)\\.ndjson$', 1) AS run_id`;
  const isWhole = kept.length === 0 ? '' : ` WHERE coalesce(${kept.map(name => `${name}::VARCHAR`).join(', ')}) IS NOT NULL`;
  return `${empty} UNION ALL BY NAME SELECT ${[runId, ...kept].join(', ')} FROM ${source}${isWhole}`;
};

/**
 * Creates the views that a trader queries: `market_data` (bars), `market_trades`, `funding_rates`, `open_interest`, `mark_prices`, `index_prices`,
 * `quotes` over the newest version of every dataset, and `runs`, `equity_curve`, `fills`, `trades`, `folds`, `trials` over the workspace's reports
 * and trial ledger. A view without data is empty and has its columns. Times are UTC timestamps. They show what is there when they are made.
 */
export const registerViews = async (connection: DuckDBConnection, workspace: string): Promise<void> => {
  const create = async (name: string, query: string): Promise<void> => {
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${sqlName(name)} AS ${query}`);
  };
  const datasets = await listDatasets(workspace);
  for (const [view, kind] of MARKET_VIEWS) await create(view, marketView(datasets, kind));
  const reports = join(workspace, 'reports');
  const runs = (await readdir(reports, { withFileTypes: true }).catch(() => [])).filter(item => item.isDirectory()).map(item => item.name);
  runs.sort();
  await create('runs', await runsView(reports, runs));
  for (const view of Object.keys(RUN_TABLES)) await create(view, await runView(connection, reports, runs, view));
  await create('trials', await trialsView(connection, join(workspace, 'ledger')));
};
