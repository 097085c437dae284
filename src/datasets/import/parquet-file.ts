import { badData } from '../../errors.js';
import { openDuckDB, sqlName, sqlText, streamDoubles, type DuckDB } from '../../duckdb.js';
import type { Sample } from './sample.js';
import { cellKey, type ColumnPlan, type Table, type TableColumn } from './table.js';

interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

const isTimestamp = (type: string): boolean => /^(TIMESTAMP|DATE)/.test(type);

/** Timestamps become milliseconds, to the microsecond; a zoned type is UTC, a naive one a wall clock. */
const asDouble = ({ name, type }: ParquetColumn): string => {
  const column = sqlName(name);
  if (isTimestamp(type)) return `(epoch_us(${column}::TIMESTAMP) / 1000.0)::DOUBLE`;
  return type === 'BOOLEAN' ? `${column}::INTEGER::DOUBLE` : `TRY_CAST(${column} AS DOUBLE)`;
};

const asText = ({ name, type }: ParquetColumn): string =>
  isTimestamp(type)
    ? `strftime(${sqlName(name)}::TIMESTAMP, '%Y-%m-%d %H:%M:%S.%f')${type.includes('TIME ZONE') ? " || 'Z'" : ''}`
    : `${sqlName(name)}::VARCHAR`;

const strings = (rows: readonly (readonly unknown[])[]): string[][] =>
  rows.map(row => row.map(cell => (cell === null ? '' : String(cell))));

/** A Parquet file open for reading. Close it. */
interface ParquetFile {
  readonly sample: Sample;
  read(plans: readonly ColumnPlan[]): Promise<Table>;
  close(): void;
}

const readTable = async (engine: DuckDB, from: string, columns: readonly ParquetColumn[], plans: readonly ColumnPlan[]): Promise<Table> => {
  const { connection } = engine;
  const labels: string[][] = [];
  const selections: string[] = [];
  for (const { index, role } of plans) {
    const column = columns[index];
    if (!column) throw new RangeError(`no column ${index}`);
    if (role === 'category') {
      const result = await connection.runAndReadAll(
        `SELECT DISTINCT coalesce(trim(${sqlName(column.name)}::VARCHAR), '') AS label FROM ${from} ORDER BY label LIMIT 10000`,
      );
      const found = strings(result.getRows()).map(row => row[0] ?? '');
      labels.push(found);
      const list = found.map(sqlText).join(', ');
      selections.push(`(list_position([${list}], coalesce(trim(${sqlName(column.name)}::VARCHAR), '')) - 1)::DOUBLE`);
      continue;
    }
    labels.push([]);
    selections.push(
      role === 'time' && !isTimestamp(column.type)
        ? `(epoch_us(TRY_CAST(${sqlName(column.name)} AS TIMESTAMP)) / 1000.0)::DOUBLE`
        : asDouble(column),
    );
  }
  const [{ rows = 0 } = {}] = (await connection.runAndReadAll(`SELECT count(*)::INTEGER AS rows FROM ${from}`))
    .getRowObjects()
    .map(row => ({ rows: Number(row['rows']) }));
  const values = plans.map(() => new Float64Array(rows));
  const stream = await streamDoubles(connection, `SELECT ${selections.join(', ')} FROM ${from}`);
  let offset = 0;
  for (let batch = await stream.next(); batch; batch = await stream.next()) {
    batch.columns.forEach((column, slot) => values[slot]?.set(column.subarray(0, batch.rows), offset));
    offset += batch.rows;
  }
  const malformed = new Map<number, string>();
  const time = plans.findIndex(plan => plan.role === 'time');
  const timeColumn = columns[plans[time]?.index ?? -1];
  if (timeColumn && !isTimestamp(timeColumn.type))
    values[time]?.forEach((value, row) => {
      if (Number.isNaN(value) && malformed.size < 100) malformed.set(cellKey(row + 1, plans[time]?.index ?? 0), 'not a date');
    });
  return {
    rows,
    lines: Uint32Array.from({ length: rows }, (_, i) => i + 1),
    columns: plans.map((plan, slot): TableColumn => ({ ...plan, values: values[slot] ?? new Float64Array(0), labels: labels[slot] ?? [] })),
    malformed,
    faults: [],
    absoluteTimes: timeColumn?.type.includes('TIME ZONE') ? rows : 0,
  };
};

/** Opens a Parquet file through DuckDB. Rows are numbered from 1. Throws bad data for one that is damaged: it cannot be read in part. */
export const openParquet = async (file: string): Promise<ParquetFile> => {
  const engine = await openDuckDB({ threads: 1 });
  const from = `read_parquet(${sqlText(file)})`;
  try {
    const described = await engine.connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
    const columns = strings(described.getRows()).map(row => ({ name: row[0] ?? '', type: row[1] ?? '' }));
    const head = await engine.connection.runAndReadAll(`SELECT ${columns.map(asText).join(', ')} FROM ${from} LIMIT 400`);
    return {
      sample: { format: 'parquet', header: columns.map(column => column.name), rows: strings(head.getRows()) },
      read: plans => readTable(engine, from, columns, plans),
      close: () => engine.close(),
    };
  } catch (error) {
    engine.close();
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw badData('bad-parquet', `${file} cannot be read: ${reason}`, 'Download or write it again.');
  }
};
