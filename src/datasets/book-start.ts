import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, streamDoubles } from '../duckdb.js';
import { MINUTE } from '../time.js';
import type { Dataset } from './catalogue.js';
import type { SeriesEntry } from './manifest.js';

/** Updates that came before a snapshot may be needed after it: a snapshot that was asked for arrives late. */
const LEAD = MINUTE;

/** Where to begin reading a book that is wanted from `from` on: a minute before its last snapshot until then; `from` itself where there is none. */
export const bookStart = async (connection: DuckDBConnection, dataset: Dataset, entry: SeriesEntry, from: number): Promise<number> => {
  if (from === -Infinity) return from;
  for (const { path } of entry.files.filter(file => file.from <= from).toReversed()) {
    const stream = await streamDoubles(
      connection,
      `SELECT max(ts) FROM read_parquet(${sqlList([join(dataset.folder, path)])}) WHERE snapshot = 1 AND ts <= ${from}`,
    );
    const [[snapshot = NaN] = []] = (await stream.next())?.columns ?? [];
    await stream.stop();
    if (!Number.isNaN(snapshot)) return snapshot - LEAD;
  }
  return from;
};
