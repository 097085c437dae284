import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openDuckDB } from '../duckdb.js';
import { publishFile, temporaryName, writeFileDurably } from '../durable-file.js';
import { usageError } from '../errors.js';
import { KIND_COLUMNS, type MarketKind } from '../events/market.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';
import { copyToParquet } from '../parquet.js';
import { formatTime } from '../time.js';
import { canonicalJson } from './canonical-json.js';
import { headVersion, manifestPath, readManifest, sealManifest } from './catalogue.js';
import { reconcileInstrument } from './instruments.js';
import { findingsOfWhole } from './quality/whole-series.js';
import { checkDatasetId, datasetsFolder, monthOf, nextMonth, seriesFolder } from './layout.js';
import type { DatasetManifest, LakeFile, SeriesEntry } from './manifest.js';
import { differingColumn, mergeRows, type Merged, type Rows } from './merge.js';
import { readRows } from './read-rows.js';
import type { Finding, Imported, Series, Source } from './series.js';
import { withWriterLock } from './writer-lock.js';

/** How far a write is: months of series written, then the manifest, then the move of HEAD, which is the moment it counts. */
export interface WriteProgress {
  readonly stage: 'files' | 'manifest' | 'head';
  readonly done: number;
  readonly total: number;
}

export interface WriteOptions {
  readonly progress?: (progress: WriteProgress) => void;
  /** Told, once it is written, which rows of the version before this write changed. */
  readonly revised?: (findings: readonly Finding[]) => void;
  /** How long to wait for another writer of the same dataset, milliseconds; 30,000 by default. */
  readonly patienceMs?: number;
}

/** Kinds of which several rows may share one `ts`. */
const EVENT_KINDS: ReadonlySet<MarketKind> = new Set<MarketKind>(['trades', 'book', 'quotes']);

const checkSeries = ({ kind, symbol, timeframe, rows, ts, columns }: Series): void => {
  const what = `${kind} of ${symbol}`;
  const names = KIND_COLUMNS[kind];
  if (columns.length !== names.length) throw new RangeError(`${what} has ${columns.length} columns, not ${names.join(', ')}`);
  if ((kind === 'bars') !== (timeframe !== undefined)) throw new RangeError(`${what}: bars have a timeframe, other kinds have none`);
  const short = [ts, ...columns].some(column => column.length < rows);
  if (short) throw new RangeError(`${what} has a column shorter than its ${rows} rows`);
  for (let i = 0; i < rows; i++) {
    const [previous, current] = [i === 0 ? -Infinity : (ts[i - 1] ?? NaN), ts[i] ?? NaN];
    if (!Number.isFinite(current) || !(EVENT_KINDS.has(kind) ? current >= previous : current > previous))
      throw new RangeError(`${what} is not in time order at row ${i}: ${previous} and then ${current}`);
  }
};

/** One series while it is written: its files by month. */
interface Draft {
  readonly kind: MarketKind;
  readonly symbol: Symbol;
  readonly timeframe?: Timeframe;
  readonly files: Map<string, LakeFile>;
  sources: readonly Source[];
}

const keyOf = ({ kind, symbol, timeframe }: Pick<SeriesEntry, 'kind' | 'symbol' | 'timeframe'>): string =>
  `${kind} ${symbol} ${timeframe ?? ''}`;

const draftOf = (entry: SeriesEntry): Draft => ({
  kind: entry.kind,
  symbol: entry.symbol,
  ...(entry.timeframe === undefined ? {} : { timeframe: entry.timeframe }),
  files: new Map(entry.files.map(file => [monthOf(file.from), file])),
  sources: entry.sources,
});

const entryOf = ({ kind, symbol, timeframe, files, sources }: Draft): SeriesEntry => {
  const sorted = [...files.values()].sort((a, b) => a.from - b.from);
  return {
    kind,
    symbol,
    ...(timeframe === undefined ? {} : { timeframe }),
    rows: sorted.reduce((sum, file) => sum + file.rows, 0),
    from: sorted[0]?.from ?? NaN,
    to: sorted.at(-1)?.to ?? NaN,
    files: sorted,
    sources,
  };
};

/** Stretches of one UTC month each. */
const byMonth = (series: Series): { month: string; rows: Rows }[] => {
  const months: { month: string; rows: Rows }[] = [];
  for (let start = 0; start < series.rows;) {
    const first = series.ts[start] ?? NaN;
    const limit = nextMonth(first);
    let end = start + 1;
    while (end < series.rows && (series.ts[end] ?? NaN) < limit) end++;
    const columns = series.columns.map(column => column.subarray(start, end));
    months.push({ month: monthOf(first), rows: { rows: end - start, ts: series.ts.subarray(start, end), columns } });
    start = end;
  }
  return months;
};

const writeMonth = async (connection: DuckDBConnection, folder: string, draft: Draft, month: string, rows: Rows): Promise<LakeFile> => {
  const home = seriesFolder(draft.kind, draft.symbol, draft.timeframe);
  await mkdir(join(folder, home), { recursive: true });
  const temporary = temporaryName(join(folder, home, month));
  try {
    const columns = Object.fromEntries(KIND_COLUMNS[draft.kind].map((name, index) => [name, rows.columns[index] ?? new Float64Array()]));
    await copyToParquet(connection, temporary, { ts: rows.ts, ...columns }, rows.rows);
    const bytes = await readFile(temporary);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = `${home}/${month}.${sha256.slice(0, 16)}.parquet`;
    if (existsSync(join(folder, path))) await rm(temporary);
    else await publishFile(temporary, join(folder, path));
    return { path, sha256, bytes: bytes.length, rows: rows.rows, from: rows.ts[0] ?? NaN, to: rows.ts[rows.rows - 1] ?? NaN };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

/** What changed in words: the first revised row's first differing value, before and after. */
const describeRevision = (kind: MarketKind, older: Rows, merged: Merged, newer: Rows): string => {
  const at = merged.firstRevision;
  if (at === undefined) return '';
  const index = differingColumn(newer, at.newer, older, at.older);
  const name = KIND_COLUMNS[kind][index] ?? 'row';
  return `the first, ${formatTime(newer.ts[at.newer] ?? NaN)} UTC, had ${name} ${older.columns[index]?.[at.older]} and now has ${newer.columns[index]?.[at.newer]}`;
};

const mergeSeries = async (
  connection: DuckDBConnection,
  folder: string,
  draft: Draft,
  imported: Imported,
  step: () => void,
): Promise<{ changed: boolean; findings: readonly Finding[] }> => {
  const { series, source } = imported;
  let changed = false;
  let revised = 0;
  let first: { ts: number; words: string } | undefined;
  for (const { month, rows } of byMonth(series)) {
    const file = draft.files.get(month);
    const older =
      file === undefined ? undefined : await readRows(connection, [join(folder, file.path)], KIND_COLUMNS[series.kind], file.rows);
    const merged = older === undefined ? { ...rows, added: rows.rows, revised: 0 } : mergeRows(older, rows);
    if (merged.added > 0 || merged.revised > 0) {
      changed = true;
      revised += merged.revised;
      if (older !== undefined && merged.firstRevision !== undefined)
        first ??= { ts: rows.ts[merged.firstRevision.newer] ?? NaN, words: describeRevision(series.kind, older, merged, rows) };
      draft.files.set(month, await writeMonth(connection, folder, draft, month, merged));
    }
    step();
  }
  if (changed) draft.sources = [...draft.sources.filter(known => known.sha256 !== source.sha256 || known.file !== source.file), source];
  if (first === undefined) return { changed, findings: [] };
  const finding: Finding = {
    code: 'revised',
    severity: 'warning',
    file: source.file,
    symbol: series.symbol,
    kind: series.kind,
    ts: first.ts,
    count: revised,
    message: `${revised} ${revised === 1 ? 'row' : 'rows'} of ${series.kind} of ${series.symbol} differ from the version before: ${first.words}.`,
  };
  return { changed, findings: [finding] };
};

/** Findings about a file that is imported again are replaced by what is found now; what an earlier import revised stays on record. */
const mergeFindings = (known: readonly Finding[], imported: readonly Imported[]): Finding[] => {
  const again = new Set(imported.map(({ series, source }) => `${series.kind} ${series.symbol} ${source.file}`));
  const kept = known.filter(finding => finding.code === 'revised' || !again.has(`${finding.kind} ${finding.symbol} ${finding.file}`));
  return [...kept, ...imported.flatMap(({ findings }) => findings)];
};

/** A series as it stands in the lake after the files of its draft. */
const wholeOf = async (connection: DuckDBConnection, folder: string, draft: Draft): Promise<Series> => {
  const { kind, symbol, timeframe, files } = entryOf(draft);
  const paths = files.map(({ path }) => join(folder, path));
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return {
    kind,
    symbol,
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(await readRows(connection, paths, KIND_COLUMNS[kind], rows)),
  };
};

/** Where files that were just imported begin, and the first moment after each. */
const seamsOf = (draft: Draft, imported: readonly Imported[]): number[] =>
  imported
    .filter(({ series }) => keyOf(series) === keyOf(entryOf(draft)))
    .flatMap(({ series }) => [series.ts[0] ?? NaN, (series.ts[series.rows - 1] ?? NaN) + 1]);

const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map(finding => [canonicalJson(finding), finding])).values(),
];

const readHead = async (folder: string): Promise<DatasetManifest | undefined> => {
  const version = await headVersion(folder);
  return version === undefined ? undefined : readManifest(folder, version);
};

const refuseMixing = (id: string, synthetic: boolean, imported: readonly Imported[]): void => {
  if (imported.some(each => each.synthetic !== synthetic))
    throw usageError(
      'mixes-synthetic',
      `Dataset "${id}" would mix synthetic with recorded data.`,
      'Write them into datasets of their own.',
    );
};

/**
 * Adds series to a dataset of the workspace, or begins one. Rows that are there already are no change; a row that differs (a revised bar) makes a
 * new version in which it counts, with a finding `revised`, and the old version stays readable. Returns the manifest at HEAD: the one before when
 * nothing changed. A crash at any moment leaves the old HEAD. One writer per dataset at a time; readers are never blocked.
 * Throws usage errors for a bad name, mixed exchanges, and synthetic rows beside recorded ones.
 */
export const writeDataset = async (
  workspace: string,
  id: string,
  imported: readonly Imported[],
  options: WriteOptions = {},
): Promise<DatasetManifest> => {
  const folder = join(datasetsFolder(workspace), checkDatasetId(id));
  const [one] = imported;
  if (one === undefined) throw usageError('nothing-to-write', `There is nothing to write into dataset "${id}".`);
  for (const { series } of imported) checkSeries(series);
  return withWriterLock(
    join(folder, '.writer-lock'),
    async () => {
      const head = await readHead(folder);
      refuseMixing(id, head?.synthetic ?? one.synthetic, imported);
      const drafts = new Map((head?.series ?? []).map(entry => [keyOf(entry), draftOf(entry)]));
      const instruments = new Map<Symbol, Instrument>((head?.instruments ?? []).map(instrument => [instrument.symbol, instrument]));
      const total = imported.reduce((sum, { series }) => sum + byMonth(series).length, 0);
      let done = 0;
      let changed = head === undefined;
      const revisions: Finding[] = [];
      const touched = new Set<Draft>();
      let settled = mergeFindings(head?.findings ?? [], imported);
      const engine = await openDuckDB({ threads: 1 });
      try {
        for (const each of imported) {
          const { series } = each;
          instruments.set(series.symbol, reconcileInstrument(instruments.get(series.symbol), each.instrument, id));
          const draft = drafts.get(keyOf(series)) ?? draftOf({ ...series, rows: 0, from: NaN, to: NaN, files: [], sources: [] });
          const outcome = await mergeSeries(engine.connection, folder, draft, each, () =>
            options.progress?.({ stage: 'files', done: (done += 1), total }),
          );
          if (draft.files.size > 0) drafts.set(keyOf(series), draft);
          changed ||= outcome.changed;
          touched.add(draft);
          revisions.push(...outcome.findings);
        }
        for (const draft of touched) {
          if (draft.sources.length < 2) continue;
          const files = draft.sources.map(({ file }) => file);
          const { exchange } = instruments.get(draft.symbol) ?? one.instrument;
          settled = findingsOfWhole(await wholeOf(engine.connection, folder, draft), exchange, files, settled, seamsOf(draft, imported));
        }
      } finally {
        engine.close();
      }
      const findings = distinct([...settled, ...revisions]);
      const manifest: Omit<DatasetManifest, 'version'> = {
        format: 1,
        id,
        parent: head?.version ?? null,
        synthetic: one.synthetic,
        instruments: [...instruments.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
        series: [...drafts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, draft]) => entryOf(draft)),
        findings,
      };
      const sameWords =
        head !== undefined &&
        canonicalJson(head.instruments) === canonicalJson(manifest.instruments) &&
        canonicalJson([...head.findings].map(canonicalJson).sort()) === canonicalJson([...findings].map(canonicalJson).sort());
      if (head !== undefined && !changed && sameWords) return head;
      const { version, text } = sealManifest(manifest);
      await mkdir(dirname(manifestPath(folder, version)), { recursive: true });
      options.progress?.({ stage: 'manifest', done, total });
      await writeFileDurably(manifestPath(folder, version), text);
      options.progress?.({ stage: 'head', done, total });
      await writeFileDurably(join(folder, 'HEAD'), `${version}\n`);
      options.revised?.(revisions);
      return { ...manifest, version };
    },
    options.patienceMs,
  );
};
