import { DuckDBDoubleVector, DuckDBInstance, type DuckDBConnection, type DuckDBDataChunk, type DuckDBVector } from '@duckdb/node-api';
import { resolve } from 'node:path';

export interface DuckDBOptions {
  /** Threads for queries. Use 1 where bytes or float sums must come out the same every time; DuckDB's own choice when absent. */
  readonly threads?: number;
  /** e.g. `512MB`; DuckDB's own choice (80 % of RAM) when absent. */
  readonly memoryLimit?: string;
  /** What does not fit into memory may take so much of the disk, e.g. `4GB`; 90 % of what is free when absent. */
  readonly spillLimit?: string;
  /** Lock file access to these folders, for queries that a user typed. The lock cannot be undone from SQL. */
  readonly readOnlyRoot?: string | readonly string[];
}

/** An in-memory query engine over immutable files. Nothing is kept in it: any number of processes may open one at once. */
export interface DuckDB {
  readonly connection: DuckDBConnection;
  /** Another connection to the same engine: one can hold only one streaming result. */
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/** A string as an SQL literal. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of strings as an SQL list literal, e.g. of the files that `read_parquet` is to read in that order. */
export const sqlList = (texts: readonly string[]): string => `[${texts.map(sqlText).join(', ')}]`;

/** A name as a quoted SQL identifier. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Opens an in-memory DuckDB that never reaches for the network: extensions are neither installed nor loaded on demand. Times are UTC. */
export const openDuckDB = async (options: DuckDBOptions = {}): Promise<DuckDB> => {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit }),
    ...(options.spillLimit === undefined ? {} : { max_temp_directory_size: options.spillLimit }),
  });
  const connections = [await instance.connect()];
  const [connection] = connections as [DuckDBConnection];
  await connection.run("SET TimeZone = 'UTC'; SET enable_progress_bar = false");
  if (options.readOnlyRoot !== undefined) {
    const roots = typeof options.readOnlyRoot === 'string' ? [options.readOnlyRoot] : options.readOnlyRoot;
    await connection.run(`SET allowed_directories = ${sqlList(roots.map(root => `${resolve(root)}/`))}`);
    await connection.run('SET enable_external_access = false; SET lock_configuration = true');
  }
  return {
    connection,
    connect: async () => {
      const another = await instance.connect();
      connections.push(another);
      return another;
    },
    close: () => {
      for (const each of connections) each.closeSync();
      instance.closeSync();
    },
  };
};

/**
 * The values behind a vector of doubles. The property is private in the library's types; it is the only way to columns that does not
 * make a JavaScript value per cell (4 to 8 times slower). Undefined when the library no longer has it, and callers fall back.
 */
export const doublesOf = (vector: DuckDBVector): Float64Array | undefined => {
  if (!(vector instanceof DuckDBDoubleVector)) return undefined;
  const items: unknown = Reflect.get(vector, 'items');
  return items instanceof Float64Array ? items : undefined;
};

const hasNulls = (vector: DuckDBVector): boolean => {
  const validity: unknown = Reflect.get(vector, 'validity');
  return typeof validity !== 'object' || validity === null || Reflect.get(validity, 'data') !== null;
};

/** One vector as doubles: NULL becomes NaN; integers and decimals become numbers. The array is a copy and outlives the chunk. */
const readDoubles = (vector: DuckDBVector, rows: number): Float64Array => {
  const items = doublesOf(vector);
  if (items !== undefined && items.length >= rows && !hasNulls(vector)) return items;
  const out = items ?? new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const item = vector.getItem(i);
    out[i] = item === null ? NaN : Number(item);
  }
  return out;
};

/** A stretch of a query's result by column. */
export interface DoubleBatch {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
}

/** A query's result, batch by batch, in order. */
export interface DoubleStream {
  /** The next batch; undefined after the last. The batch after it is being fetched meanwhile. */
  next(): Promise<DoubleBatch | undefined>;
  /** Waits for the batch that is on its way and drops the rest: before the connection is closed under a stream that was not read out. */
  stop(): Promise<void>;
}

/**
 * Streams a query whose columns are all DOUBLE (cast in SQL: `ts::DOUBLE`) without an object per row. One stream per connection at a time.
 * Rows of `read_parquet` arrive in the order of its file list.
 */
export const streamDoubles = async (connection: DuckDBConnection, sql: string): Promise<DoubleStream> => {
  const result = await connection.stream(sql);
  const fetch = (): Promise<DuckDBDataChunk | null> => {
    const chunk = result.fetchChunk();
    // The failure is reported by the `next` that awaits it; a stream that was dropped must not end the process.
    chunk.catch(() => undefined);
    return chunk;
  };
  const width = result.columnCount;
  let pending: Promise<DuckDBDataChunk | null> | undefined = fetch();
  return {
    next: async () => {
      if (pending === undefined) return undefined;
      const chunk = await pending;
      const rows = chunk?.rowCount ?? 0;
      if (chunk === null || rows === 0) {
        pending = undefined;
        return undefined;
      }
      pending = fetch();
      const columns: Float64Array[] = [];
      for (let i = 0; i < width; i++) columns.push(readDoubles(chunk.getColumnVector(i), rows));
      return { rows, columns };
    },
    stop: async () => {
      const last = pending;
      pending = undefined;
      await last?.catch(() => null);
    },
  };
};
