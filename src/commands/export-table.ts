import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { usageError } from '../errors.js';
import { writeFileDurably } from '../durable-file.js';
import type { KeptReport } from './kept-report.js';
import { exportedColumns, type ExportedTable } from './run-tables.js';
import { tableCsv } from './table-csv.js';
import { RUN_KINDS } from './run-kinds.js';
import { present } from './terminal.js';

/**
 * Write a table of a run as CSV: into a file, or to stdout where none is named (with `--json` as one document whose `csv` is the text). Of a walk-forward: the joined tests.
 */
export const exportTable = async (
  args: { readonly json: boolean },
  runId: string,
  kept: KeptReport,
  table: ExportedTable,
  out: string | undefined,
): Promise<void> => {
  if (kept.kind !== 'backtest' && kept.kind !== 'walkforward')
    throw usageError(
      'no-table',
      `Run ${runId} is ${RUN_KINDS[kept.kind]}: it has no ${table} of its own.`,
      'What it has lies beside its report: Parquet files and result.json.',
    );
  const columns = exportedColumns(table, kept.kind === 'backtest' ? kept.input.result : kept.input.stitched);
  const rows = Object.values(columns)[0]?.length ?? 0;
  const csv = tableCsv(table, columns);
  if (out === undefined) {
    present(args, { runId, table, rows, csv }, result => result.csv);
    return;
  }
  const file = resolve(out);
  await mkdir(dirname(file), { recursive: true });
  await writeFileDurably(file, csv);
  present(args, { runId, table, rows, file }, result => `${result.rows} rows in ${result.file}`);
};
