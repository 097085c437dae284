import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, sqlName, sqlText } from '../duckdb.js';
import { KIND_COLUMNS, type MarketKind } from '../events/market.js';
import { listDatasets, type Dataset } from './catalogue.js';

type ColumnTypes = Readonly<Record<string, 'VARCHAR' | 'DOUBLE' | 'TIMESTAMP' | 'BOOLEAN'>>;

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
  ['universe', 'universe'],
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

/**
 * Creates the views over the newest version of every dataset of a workspace: `market_data` (bars), `market_trades`, `funding_rates`, `open_interest`, `mark_prices`,
 * `index_prices`, `quotes`, `universe`. A view without data is empty and has its columns. Times are UTC timestamps, with epoch milliseconds beside them.
 */
export const registerMarketViews = async (connection: DuckDBConnection, workspace: string): Promise<void> => {
  const datasets = await listDatasets(workspace);
  for (const [view, kind] of MARKET_VIEWS)
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${sqlName(view)} AS ${marketView(datasets, kind)}`);
};

const FEATURE_COLUMNS: ColumnTypes = {
  feature_set: 'VARCHAR',
  dataset: 'VARCHAR',
  dataset_version: 'VARCHAR',
  symbol: 'VARCHAR',
  timeframe: 'VARCHAR',
  ts: 'TIMESTAMP',
  ts_ms: 'DOUBLE',
};

/** Where a table of features lies says what it is of: `<set>@<version>/<dataset>@<version>/<timeframe>/features.parquet`. */
const featureSelect = (folder: string, set: string, dataset: string, timeframe: string): string => {
  const [id = '', version = ''] = dataset.split('@');
  const fixed = [
    `${sqlText(set)} AS feature_set`,
    `${sqlText(id)} AS dataset`,
    `${sqlText(version)} AS dataset_version`,
    'symbol',
    `${sqlText(timeframe)} AS timeframe`,
    `${timestamp('ts')} AS ts`,
    'ts AS ts_ms',
  ];
  const file = join(folder, set, dataset, timeframe, 'features.parquet');
  return `SELECT ${fixed.join(', ')}, * EXCLUDE (symbol, ts) FROM read_parquet(${sqlText(file)})`;
};

/**
 * Creates the view `feature_data` over the tables of features under a folder: one row a bar and symbol, `ts` the close at which it is known, then every column of every set, NULL
 * where a set lacks it. Empty, with the columns that tell rows apart, while there is no table.
 */
export const registerFeatureView = async (connection: DuckDBConnection, folder: string): Promise<void> => {
  const within = async (...path: readonly string[]): Promise<string[]> => (await readdir(join(folder, ...path)).catch(() => [])).sort();
  const selects: string[] = [];
  for (const set of await within())
    for (const dataset of await within(set))
      for (const timeframe of await within(set, dataset))
        if (existsSync(join(folder, set, dataset, timeframe, 'features.parquet')))
          selects.push(featureSelect(folder, set, dataset, timeframe));
  await connection.run(
    `CREATE OR REPLACE TEMP VIEW feature_data AS ${[emptySelect(FEATURE_COLUMNS), ...selects].join(' UNION ALL BY NAME ')}`,
  );
};
