import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { openDuckDB, sqlText, streamDoubles } from '../duckdb.js';
import { publishFile, temporaryName } from '../durable-file.js';
import { usageError } from '../errors.js';
import { KIND_COLUMNS } from '../events/market.js';
import { findSeries, type Dataset } from './catalogue.js';
import type { SeriesSelection } from './load-series.js';
import { seriesRange } from './range.js';
import { rowsQuery } from './read-rows.js';

export type ExportFormat = 'csv' | 'parquet' | 'ndjson';

/** The format that a file's name says: `.csv`, `.parquet`, `.ndjson`, the text ones also with `.gz`. Throws a usage error for others. */
export const exportFormat = (path: string): ExportFormat => {
  const match = /\.(csv|parquet|ndjson)(\.gz)?$/.exec(path);
  if (!match || (match[1] === 'parquet' && match[2] !== undefined))
    throw usageError(
      'unknown-format',
      `${path} has no format that can be written.`,
      'End its name with .csv, .csv.gz, .ndjson, .ndjson.gz or .parquet.',
    );
  return match[1] as ExportFormat;
};

/** Shortest decimals that read back to the same double; what is missing is empty. */
const csvRow = (values: readonly number[]): string => `${values.map(value => (value === value ? String(value) : '')).join(',')}\n`;

const ndjsonRow =
  (names: readonly string[]) =>
  (values: readonly number[]): string =>
    `{${names.map((name, index) => `"${name}":${Number.isFinite(values[index]) ? values[index] : 'null'}`).join(',')}}\n`;

/**
 * Writes one series of a dataset as a file that this and any other program reads: `ts` (epoch milliseconds UTC; for bars the open) and the
 * kind's columns. Text formats hold the shortest decimals that give the same doubles back. The file appears whole or not at all.
 * Returns the number of rows. Throws usage errors for unknown series and formats.
 */
export const exportSeries = async (dataset: Dataset, selection: SeriesSelection, path: string): Promise<number> => {
  const format = exportFormat(path);
  const entry = findSeries(dataset, selection);
  const { from = -Infinity, to = Infinity } = selection;
  const names = ['ts', ...KIND_COLUMNS[entry.kind]];
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  const engine = await openDuckDB({ threads: 1 });
  try {
    const range = await seriesRange(engine.connection, dataset, entry, from, to);
    if (range.rows === 0)
      throw usageError(
        'nothing-to-export',
        `Dataset "${dataset.id}" has no ${entry.kind} of ${entry.symbol} in that range.`,
        'Widen --from and --to.',
      );
    const query = rowsQuery(range.paths, KIND_COLUMNS[entry.kind], from, to);
    if (format === 'parquet') {
      await engine.connection.run(
        `COPY (${query}) TO ${sqlText(temporary)} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 9)`,
      );
    } else {
      const sink = path.endsWith('.gz') ? createGzip() : new PassThrough();
      const written = pipeline(sink, createWriteStream(temporary));
      // Nobody waits for it yet when it fails early; the next row, or the end, does.
      written.catch(() => {});
      const write = async (text: string): Promise<void> => {
        if (sink.destroyed) await written;
        if (!sink.write(text)) await Promise.race([once(sink, 'drain'), written]);
      };
      const row = format === 'csv' ? csvRow : ndjsonRow(names);
      if (format === 'csv') await write(`${names.join(',')}\n`);
      const stream = await streamDoubles(engine.connection, query);
      for (let batch = await stream.next(); batch !== undefined; batch = await stream.next()) {
        const { columns, rows } = batch;
        let text = '';
        for (let i = 0; i < rows; i++) text += row(columns.map(column => column[i] ?? NaN));
        await write(text);
      }
      sink.end();
      await written;
    }
    await publishFile(temporary, path);
    return range.rows;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    engine.close();
  }
};
