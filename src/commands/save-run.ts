import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { writeFileDurably } from '../durable-file.js';
import type { RunResult } from '../engine/run-result.js';
import { writeTables, type WrittenTable } from '../journal/write-tables.js';
import type { RunKind } from './run-kinds.js';
import { exportedColumns, type RunFiles } from './run-tables.js';
import { tableCsv } from './table-csv.js';

/** A number that JSON cannot hold becomes null. */
const text = (value: unknown): string =>
  `${JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' && !Number.isFinite(each) ? null : each), 2)}\n`;

/** What `manifest.json` says of any run: enough to run it again, and what `quantai sql` lists as `runs`. */
export interface RunRecord {
  readonly runId: string;
  readonly command: RunKind;
  /** The command line that gives this run again. */
  readonly reproduce: string;
  readonly strategy: { readonly name: string; readonly bundle: string };
  readonly dataset: { readonly id: string; readonly version: string; readonly synthetic: boolean };
  readonly seed: number;
  readonly fingerprint: string;
  /** Rows and SHA-256 of each table in the run's folder. */
  readonly files: Readonly<Record<string, WrittenTable>>;
}

/** Write a run's tables into its folder, fills and round trips as CSV too. Returns what the manifest says of the Parquet files. */
export const saveTables = async (
  folder: string,
  files: RunFiles,
  traded: Pick<RunResult, 'curve' | 'fills' | 'roundTrips'>,
): Promise<RunRecord['files']> => {
  const [written] = await Promise.all([
    writeTables(folder, files),
    ...(['fills', 'trades'] as const).map(table =>
      writeFileDurably(join(folder, `${table}.csv`), tableCsv(table, exportedColumns(table, traded))),
    ),
  ]);
  return written;
};

/** Write `manifest.json` and `result.json` into a run's folder, and keep the strategy's bundle there. */
export const saveRun = async (folder: string, record: RunRecord & object, result: unknown, storedBundle: string | null): Promise<void> => {
  if (storedBundle !== null) await copyFile(storedBundle, join(folder, 'strategy.mjs'));
  await writeFileDurably(join(folder, 'result.json'), text(result));
  // Last: a folder with a manifest is a whole run.
  await writeFileDurably(join(folder, 'manifest.json'), text(JSON.parse(canonicalJson(record))));
};
