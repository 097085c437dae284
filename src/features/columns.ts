import { table, type ColumnTable as ArqueroTable } from 'arquero';
import { usageError } from '../errors.js';
import type { Chunk } from '../events/market.js';
import { computeColumns } from './batch.js';
import type { Feature } from './feature.js';

/** Equally long columns of numbers by name: what Arquero's `table()` takes as it is, without a copy. */
export type NamedColumns = Readonly<Record<string, Float64Array>>;

/** The part of an Arquero table that is read here: its visible rows, in its order. */
export interface ColumnTable {
  columnNames(): readonly string[];
  array(name: string): ArrayLike<unknown>;
}

/**
 * The bars of a chunk and features over them as named columns, for `aq.table(featureColumns(…))`: `ts` (when the bar opened, epoch
 * milliseconds), the five bar columns, then each feature under its key, or `key.output` when it has several.
 */
export const featureColumns = (features: readonly Feature[], bars: Chunk): NamedColumns => {
  const columns: Record<string, Float64Array> = { ts: bars.ts.subarray(0, bars.rows) };
  ['open', 'high', 'low', 'close', 'volume'].forEach(
    (name, k) => (columns[name] = bars.columns[k]?.subarray(0, bars.rows) ?? new Float64Array(0)),
  );
  for (const feature of features) {
    const values = computeColumns(feature, bars);
    feature.outputs.forEach(
      (output, k) => (columns[values.length === 1 ? feature.key : `${feature.key}.${output}`] = values[k] ?? new Float64Array(0)),
    );
  }
  return columns;
};

/** The same as an Arquero table, to be filtered, joined and rolled up; columns are shared, not copied. */
export const toTable = (features: readonly Feature[], bars: Chunk): ArqueroTable => table(featureColumns(features, bars));

const number = (value: unknown, column: string, row: number): number => {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return NaN;
  if (typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Date) return Number(value);
  throw usageError(
    'not-a-number',
    `Column "${column}" of the table holds ${JSON.stringify(value)} in row ${row + 1}, which is not a number.`,
    'Leave the column out with select(), or derive a number from it.',
  );
};

/**
 * The columns of an Arquero table as numbers, rows as the table shows them (filtered and ordered): dates become epoch milliseconds, booleans
 * 0 and 1, null and undefined NaN. `names` picks columns; all unless said. Throws a usage error for text and for unknown names.
 */
export const fromTable = (table: ColumnTable, names: readonly string[] = table.columnNames()): NamedColumns => {
  const known = table.columnNames();
  return Object.fromEntries(
    names.map(name => {
      if (!known.includes(name))
        throw usageError('unknown-column', `The table has no column "${name}".`, `Choose from ${known.join(', ')}.`);
      return [name, Float64Array.from(table.array(name), (value, row) => number(value, name, row))];
    }),
  );
};
