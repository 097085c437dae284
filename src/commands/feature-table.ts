import { join } from 'node:path';
import { usageError } from '../errors.js';
import { symbolFolder } from '../datasets/layout.js';
import { writeTables, type WrittenTable } from '../journal/write-tables.js';
import type { FeatureRows } from './feature-rows.js';

/** Name of the Parquet file in a table's folder; what `feature_data` shows. */
export const FEATURE_FILE = 'features.parquet';

/**
 * Folder of a table of features: one for each set, dataset version and timeframe, so that a row is never shown twice. It is derived and made again by the same command;
 * its report lies beside it and not among the runs, for it is no backtest. Throws a usage error for a set whose name cannot be a folder.
 */
export const featureFolder = (features: string, set: string, dataset: string, timeframe: string): string => {
  if (!/^[a-z0-9][a-z0-9-]*@\d+$/.test(set))
    throw usageError(
      'bad-feature-set-name',
      `"${set}" cannot name a folder.`,
      'Name a feature set in lower-case letters, digits and dashes.',
    );
  return join(features, set, dataset, symbolFolder(timeframe));
};

/** Writes rows as `features.parquet`: symbol, close in epoch ms, then the columns of the set; a missing value is NULL. */
export const writeFeatureTable = async (folder: string, rows: FeatureRows, symbols: readonly string[]): Promise<WrittenTable> => {
  const columns = Object.fromEntries(rows.names.map((name, k) => [name, rows.column(k)]));
  const symbol = Array.from(rows.group, group => symbols[group] ?? null);
  const written = await writeTables(folder, { [FEATURE_FILE]: { symbol, ts: rows.ts, ...columns } });
  return written[FEATURE_FILE]!;
};
