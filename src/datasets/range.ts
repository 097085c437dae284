import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, streamDoubles } from '../duckdb.js';
import { badData } from '../errors.js';
import type { InputRange } from '../events/feed.js';
import type { MarketKind } from '../events/market.js';
import type { Dataset } from './catalogue.js';
import type { LakeFile, SeriesEntry } from './manifest.js';

/** Index of the first of `rows` ascending times that is not below `ts`. */
export const lowerBound = (times: Float64Array, rows: number, ts: number): number => {
  let [low, high] = [0, rows];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) < ts) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Half a microsecond: more than the resolution of an epoch in milliseconds as a double, less than any step between two data. */
const PAST = 0.0005;

/**
 * Where a run that ends at `to` stops reading a kind, exclusive. Its last bar closes at `to`, so bars open before it; all else is read up to and including it, because
 * funding that settles with the last close is charged on the position held into it.
 */
export const readingEnd = (kind: MarketKind, to: number): number => (kind === 'bars' ? to : to + PAST);

/** Part of one series: the files that hold rows in [from, to), how many rows those are, and the first and last of them. */
export interface SeriesRange {
  readonly entry: SeriesEntry;
  readonly paths: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Throws bad data for a file that is gone or has another size than when it was written. Its bytes are compared with their hash by `data check`: doing so before
 * every run would cost a tenth of the reading.
 */
const requireWhole = async (dataset: Dataset, files: readonly LakeFile[]): Promise<void> => {
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(join(dataset.folder, path)).catch(() => undefined))?.size));
  const at = files.findIndex((file, i) => sizes[i] !== file.bytes);
  const file = files[at];
  if (file === undefined) return;
  throw badData(
    'damaged-dataset',
    `${join(dataset.folder, file.path)} ${sizes[at] === undefined ? 'is missing' : `has ${sizes[at]} bytes instead of ${file.bytes}: it was altered`}.`,
    `See what else is with: quantai data check ${dataset.id}. Then import its data again.`,
  );
};

/** Counts the rows in [from, to): from the manifest where a file lies wholly inside, by a query over the at most two at the edges. */
export const seriesRange = async (
  connection: DuckDBConnection,
  dataset: Dataset,
  entry: SeriesEntry,
  from: number,
  to: number,
): Promise<SeriesRange> => {
  const within = entry.files.filter(file => file.to >= from && file.from < to);
  await requireWhole(dataset, within);
  const path = (file: LakeFile): string => join(dataset.folder, file.path);
  const isCut = (file: LakeFile): boolean => file.from < from || file.to >= to;
  const cut = within.filter(isCut);
  const whole = within.filter(file => !isCut(file));
  let rows = whole.reduce((sum, file) => sum + file.rows, 0);
  let first = whole[0]?.from ?? Infinity;
  let last = whole.at(-1)?.to ?? -Infinity;
  if (cut.length > 0) {
    const bounds = [...(from === -Infinity ? [] : [`ts >= ${from}`]), ...(to === Infinity ? [] : [`ts < ${to}`])].join(' AND ');
    const stream = await streamDoubles(
      connection,
      `SELECT count(*)::DOUBLE, min(ts), max(ts) FROM read_parquet(${sqlList(cut.map(path))}) WHERE ${bounds}`,
    );
    const [[count = 0] = [], [low = NaN] = [], [high = NaN] = []] = (await stream.next())?.columns ?? [];
    rows += count;
    if (count > 0) [first, last] = [Math.min(first, low), Math.max(last, high)];
  }
  return { entry, paths: within.map(path), from, to, rows, first: rows > 0 ? first : from, last: rows > 0 ? last : from };
};

/** What a run's manifest says about a series that it read. */
export const inputRange = (dataset: Dataset, range: SeriesRange): InputRange => ({
  dataset: dataset.id,
  version: dataset.manifest.version,
  kind: range.entry.kind,
  symbol: range.entry.symbol,
  ...(range.entry.timeframe === undefined ? {} : { timeframe: range.entry.timeframe }),
  from: range.first,
  to: range.last,
  rows: range.rows,
  synthetic: dataset.manifest.synthetic,
});
