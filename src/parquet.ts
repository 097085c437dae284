import {
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTypeId,
  VARCHAR,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBResult,
  type DuckDBType,
} from '@duckdb/node-api';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { doublesOf, openDuckDB, sqlName, sqlText } from './duckdb.js';
import { publishFile, temporaryName } from './durable-file.js';

/** A column of a table: numbers as doubles (NaN is written as NULL), or text with nulls. */
export type TableColumn = Float64Array | readonly (string | number | null)[];

/** A table by column. Columns have one length. */
export type TableColumns = Readonly<Record<string, TableColumn>>;

/** Rows of one of DuckDB's data chunks. */
const CHUNK_ROWS = 2048;

const holdsNumbers = (column: TableColumn): boolean => column instanceof Float64Array || column.some(value => typeof value === 'number');

const appendColumns = (appender: DuckDBAppender, types: readonly DuckDBType[], columns: readonly TableColumn[], rows: number): void => {
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - start);
    const chunk = DuckDBDataChunk.create(types, count);
    columns.forEach((column, index) => {
      if (!(column instanceof Float64Array)) {
        const numbers = types[index] === DOUBLE;
        chunk.setColumnValues(
          index,
          column.slice(start, start + count).map(value => (value === null || numbers ? value : String(value))),
        );
        return;
      }
      const vector = chunk.getColumnVector(index);
      const items = doublesOf(vector);
      for (let i = 0; i < count; i++) {
        const value = column[start + i] ?? NaN;
        if (items !== undefined && value === value) items[i] = value;
        else vector.setItem(i, value === value ? value : null);
      }
      vector.flush();
    });
    appender.appendDataChunk(chunk);
  }
};

/** Creates a temporary table of this name with the first `rows` rows of a table. Throws a RangeError when a column is shorter. */
export const createTable = async (connection: DuckDBConnection, name: string, columns: TableColumns, rows: number): Promise<void> => {
  const names = Object.keys(columns);
  const odd = names.find(each => (columns[each]?.length ?? 0) < rows);
  if (names.length === 0) throw new RangeError(`${name} would have no columns`);
  if (odd !== undefined) throw new RangeError(`column ${odd} of ${name} has ${columns[odd]?.length} rows where ${rows} are due`);
  const arrays = Object.values(columns);
  const types = arrays.map(column => (holdsNumbers(column) ? DOUBLE : VARCHAR));
  const definition = names.map((each, index) => `${sqlName(each)} ${types[index] === DOUBLE ? 'DOUBLE' : 'VARCHAR'}`).join(', ');
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${sqlName(name)} (${definition})`);
  const appender = await connection.createAppender(name, null, 'temp');
  appendColumns(appender, types, arrays, rows);
  appender.closeSync();
};

/**
 * Writes the first `rows` rows of a table as one Parquet file (v2, zstd level 9) on a connection opened with one thread: the same bytes for
 * the same table. Not durable by itself: for a temporary name that the caller publishes.
 */
export const copyToParquet = async (connection: DuckDBConnection, path: string, columns: TableColumns, rows: number): Promise<void> => {
  await createTable(connection, 'to_write', columns, rows);
  const format = 'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 9, ROW_GROUP_SIZE 122880';
  await connection.run(`COPY to_write TO ${sqlText(path)} (${format})`);
  await connection.run('DROP TABLE to_write');
};

/**
 * Writes a table as one Parquet file: whole or not at all, and the same bytes for the same table. NaN is written as NULL. A plain array
 * becomes a column of numbers if it holds one, else of text: pass a Float64Array where a column of numbers may be empty or all null.
 * Throws a RangeError when columns differ in length.
 */
export const writeParquet = async (path: string, columns: TableColumns): Promise<void> => {
  const lengths = new Set(Object.values(columns).map(column => column.length));
  if (lengths.size > 1) throw new RangeError(`columns of ${path} differ in length: ${[...lengths].join(', ')}`);
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  const engine = await openDuckDB({ threads: 1 });
  try {
    await copyToParquet(engine.connection, temporary, columns, [...lengths][0] ?? 0);
    await publishFile(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    engine.close();
  }
};

/** A table as it was read: numbers as doubles with NaN for NULL, everything else as text with nulls. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Float64Array | readonly (string | null)[]>>;
}

const NUMERIC = new Set<DuckDBTypeId>([
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
]);

const collect = async (result: DuckDBResult): Promise<Table> => {
  const names = result.columnNames();
  const chunks = (await result.fetchAllChunks()).filter(chunk => chunk.rowCount > 0);
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const columns: Record<string, Float64Array | (string | null)[]> = {};
  names.forEach((name, index) => {
    const numeric = NUMERIC.has(result.columnTypeId(index));
    const doubles = new Float64Array(numeric ? rows : 0);
    const texts: (string | null)[] = [];
    let offset = 0;
    for (const chunk of chunks) {
      const vector = chunk.getColumnVector(index);
      for (let i = 0; i < chunk.rowCount; i++) {
        const item = vector.getItem(i);
        if (numeric) doubles[offset + i] = item === null ? NaN : Number(item);
        else texts.push(item === null ? null : String(item));
      }
      offset += chunk.rowCount;
    }
    columns[name] = numeric ? doubles : texts;
  });
  return { rows, columns };
};

/** Reads a whole Parquet file by column, rows in file order. For large series use the lake's feeds, which stream. */
export const readParquet = async (path: string): Promise<Table> => {
  const engine = await openDuckDB({ threads: 1 });
  try {
    return await collect(await engine.connection.run(`SELECT * FROM read_parquet(${sqlText(path)})`));
  } finally {
    engine.close();
  }
};
