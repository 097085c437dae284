import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDuckDB } from '../duckdb.js';
import { publishFile, temporaryName } from '../durable-file.js';
import { copyToParquet, type TableColumns } from '../parquet.js';

/** What a run's manifest says of one of its tables. */
export interface WrittenTable {
  readonly rows: number;
  readonly sha256: string;
}

/**
 * Write tables, by file name, as Parquet files into a folder: each whole or not at all, the same bytes for the same table. One engine writes them all, because
 * opening one costs more than writing a table of a thousand rows. Columns of a table have one length.
 */
export const writeTables = async (
  folder: string,
  tables: Readonly<Record<string, TableColumns>>,
): Promise<Readonly<Record<string, WrittenTable>>> => {
  await mkdir(folder, { recursive: true });
  const files = Object.entries(tables).map(([name, columns]) => {
    const path = join(folder, name);
    return { name, path, temporary: temporaryName(path), columns, rows: Object.values(columns)[0]?.length ?? 0 };
  });
  const engine = await openDuckDB({ threads: 1 });
  try {
    for (const { temporary, columns, rows } of files) await copyToParquet(engine.connection, temporary, columns, rows);
    const hashes = await Promise.all(
      files.map(async ({ temporary }) =>
        createHash('sha256')
          .update(await readFile(temporary))
          .digest('hex'),
      ),
    );
    await Promise.all(files.map(({ temporary, path }) => publishFile(temporary, path)));
    return Object.fromEntries(files.map(({ name, rows }, i) => [name, { rows, sha256: hashes[i] ?? '' }]));
  } catch (error) {
    await Promise.all(files.map(({ temporary }) => rm(temporary, { force: true })));
    throw error;
  } finally {
    engine.close();
  }
};
