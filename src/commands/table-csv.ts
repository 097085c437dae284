import { RUN_TABLES } from '../journal/tables.js';
import type { TableColumns } from '../parquet.js';
import { EXPORTED, type ExportedTable } from './run-tables.js';

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const cell = (value: string | number | null | undefined): string =>
  typeof value === 'string' ? quoted(value) : value === null || value === undefined || Number.isNaN(value) ? '' : String(value);

const iso = (ms: string | number | null | undefined): string =>
  typeof ms === 'number' && Number.isFinite(ms) ? new Date(ms).toISOString() : '';

/**
 * A table of a run as CSV: the columns of its Parquet file, numbers as the shortest decimals that read back to the same double, nothing where a value is not defined, and beside each time in
 * epoch milliseconds (`entry_ts`) the same in words for a spreadsheet (`entry_time`, UTC).
 */
export const tableCsv = (table: ExportedTable, columns: TableColumns): string => {
  const kinds: Readonly<Record<string, string>> = RUN_TABLES[EXPORTED[table]].columns;
  const names = Object.keys(columns);
  const header = names.flatMap(name => (kinds[name] === 'time' ? [name, name.replace(/ts$/, 'time')] : [name]));
  const lines = [header.join(',')];
  const rows = Object.values(columns)[0]?.length ?? 0;
  for (let i = 0; i < rows; i++)
    lines.push(
      names
        .flatMap(name => {
          const value = columns[name]?.[i];
          return kinds[name] === 'time' ? [cell(value), iso(value)] : [cell(value)];
        })
        .join(','),
    );
  return `${lines.join('\n')}\n`;
};
