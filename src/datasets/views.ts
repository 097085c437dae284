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
