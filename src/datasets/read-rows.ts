import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, sqlName, streamDoubles } from '../duckdb.js';
import type { Rows } from './merge.js';

/** The query over lake files in time order: `ts` and the value columns, rows in [from, to). */
export const rowsQuery = (paths: readonly string[], columns: readonly string[], from = -Infinity, to = Infinity): string => {
  const bounds = [...(from === -Infinity ? [] : [`ts >= ${from}`]), ...(to === Infinity ? [] : [`ts < ${to}`])];
  const where = bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
  return `SELECT ts, ${columns.map(sqlName).join(', ')} FROM read_parquet(${sqlList(paths)})${where}`;
};

/** Columns for `rows` rows; on SharedArrayBuffers when they are to be handed to workers without a copy. */
export const allocate = (rows: number, shared: boolean): Float64Array =>
  shared ? new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT)) : new Float64Array(rows);

/** Reads lake files whole into memory. `rows` is how many there are in range; fewer or more is a damaged lake and throws. */
export const readRows = async (
  connection: DuckDBConnection,
  paths: readonly string[],
  columns: readonly string[],
  rows: number,
  range: { readonly from?: number; readonly to?: number; readonly shared?: boolean } = {},
): Promise<Rows> => {
  const [ts = new Float64Array(), ...values] = Array.from({ length: columns.length + 1 }, () => allocate(rows, range.shared ?? false));
  if (rows === 0) return { rows, ts, columns: values };
  const stream = await streamDoubles(connection, rowsQuery(paths, columns, range.from, range.to));
  let offset = 0;
  for (let batch = await stream.next(); batch !== undefined; batch = await stream.next()) {
    if (offset + batch.rows > rows) throw new RangeError(`${paths[0]} and its like hold more than the ${rows} rows of their manifest`);
    const [batchTs = new Float64Array(), ...batchValues] = batch.columns;
    ts.set(batchTs, offset);
    batchValues.forEach((column, index) => values[index]?.set(column, offset));
    offset += batch.rows;
  }
  if (offset !== rows) throw new RangeError(`${paths[0]} and its like hold ${offset} rows, not the ${rows} of their manifest`);
  return { rows, ts, columns: values };
};
