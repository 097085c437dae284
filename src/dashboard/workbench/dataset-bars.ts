import { join } from 'node:path';
import { findSeries, type Dataset } from '../../datasets/catalogue.js';
import { openDuckDB, sqlList, streamDoubles } from '../../duckdb.js';
import type { BarColumns } from '../api/accounts-api.js';

/** Which bars are wanted: opens from `from` on and before `to`, the newest `limit` of them. */
export interface WantedBars {
  readonly symbol: string;
  readonly timeframe: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
}

const COLUMNS = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Bars of one series as columns, oldest first. Only files that can hold some of them are read, whole columns at a time. Throws what `findSeries` throws. */
export const datasetBars = async (
  dataset: Dataset,
  { symbol, timeframe, from = -Infinity, to = Infinity, limit }: WantedBars,
): Promise<BarColumns> => {
  const { files } = findSeries(dataset, { symbol, kind: 'bars', timeframe });
  const within = files.filter(file => file.to >= from && file.from < to).sort((a, b) => a.from - b.from);
  // The newest files that hold enough; the first and the last may reach beyond the wanted time, and so may be short of rows.
  let held = 0;
  const needed = within.reverse().filter(file => {
    if (held >= limit) return false;
    if (file.from >= from && file.to < to) held += file.rows;
    return true;
  });
  const columns = Object.fromEntries(COLUMNS.map((name): [string, number[]] => [name, []]));
  if (needed.length > 0) {
    const engine = await openDuckDB({ threads: 1, readOnlyRoot: dataset.folder });
    try {
      const paths = needed.reverse().map(({ path }) => join(dataset.folder, path));
      const conditions = [...(from === -Infinity ? [] : [`ts >= ${from}`]), ...(to === Infinity ? [] : [`ts < ${to}`])];
      const stream = await streamDoubles(
        engine.connection,
        `SELECT ${COLUMNS.map(name => `${name}::DOUBLE`).join(', ')} FROM read_parquet(${sqlList(paths)})${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`,
      );
      for (let batch = await stream.next(); batch !== undefined; batch = await stream.next())
        for (const [k, name] of COLUMNS.entries()) for (const value of batch.columns[k] ?? []) columns[name]?.push(value);
    } finally {
      engine.close();
    }
  }
  const newest = (name: (typeof COLUMNS)[number]): number[] => (columns[name] ?? []).slice(-limit);
  return {
    ts: newest('ts'),
    open: newest('open'),
    high: newest('high'),
    low: newest('low'),
    close: newest('close'),
    volume: newest('volume'),
  };
};
