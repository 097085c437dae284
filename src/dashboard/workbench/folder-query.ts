import { existsSync } from 'node:fs';
import { openDuckDB, sqlText, type DuckDB } from '../../duckdb.js';
import { sqlRows, type SqlAnswer, type SqlRow } from './sql-answer.js';

type Cell = SqlAnswer['rows'][number][number];

const cellOf = (value: unknown): Cell => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
};

/** Queries over the Parquet files of one folder. */
export interface FolderQuery {
  /** A file as a table in SQL; null where there is none. */
  table(file: string): string | null;
  rows(sql: string): Promise<readonly SqlRow[]>;
}

/** Opens a query engine that reads one folder and nothing else, for as long as `work` takes. Queries run off the event loop. */
export const queryFolder = async <T>(folder: string, work: (query: FolderQuery) => Promise<T>): Promise<T> => {
  const engine: DuckDB = await openDuckDB({ threads: 2, memoryLimit: '1GB', readOnlyRoot: folder });
  try {
    return await work({
      table: file => (existsSync(`${folder}/${file}`) ? `read_parquet(${sqlText(`${folder}/${file}`)})` : null),
      rows: async sql => {
        const result = await engine.connection.runAndReadAll(sql);
        return sqlRows({ columns: result.columnNames(), rows: result.getRows().map(row => row.map(cellOf)) });
      },
    });
  } finally {
    engine.close();
  }
};
