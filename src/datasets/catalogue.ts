import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badData, didYouMean, usageError } from '../errors.js';
import type { MarketKind } from '../events/market.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { canonicalJson } from './canonical-json.js';
import { datasetsFolder, packagedDatasets } from './layout.js';
import type { DatasetManifest, SeriesEntry } from './manifest.js';

/** One version of a dataset, open for reading. Its files never change, whatever is imported meanwhile. */
export interface Dataset {
  readonly id: string;
  /** The dataset's folder; file paths in the manifest are relative to it. */
  readonly folder: string;
  readonly manifest: DatasetManifest;
  readonly instruments: ReadonlyMap<Symbol, Instrument>;
  readonly entries: readonly SeriesEntry[];
}

/** Hash and text of a manifest: the version is the SHA-256 of everything in it but itself, as canonical JSON, the very bytes on disk. */
export const sealManifest = (manifest: Omit<DatasetManifest, 'version'>): { readonly version: string; readonly text: string } => {
  const text = canonicalJson(manifest);
  return { version: createHash('sha256').update(text).digest('hex'), text };
};

const readOptional = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

/** Path of a version's manifest within a dataset's folder. */
export const manifestPath = (folder: string, version: string): string => join(folder, 'versions', `${version}.json`);

/** The version that HEAD names, or undefined for a dataset without one. */
export const headVersion = async (folder: string): Promise<string | undefined> => (await readOptional(join(folder, 'HEAD')))?.trim();

const isManifest = (value: unknown): value is Omit<DatasetManifest, 'version'> =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === 1 &&
  'series' in value &&
  Array.isArray(value.series);

/** Reads one version's manifest and checks it against its hash. Throws bad data when it is missing, altered or of an unknown format. */
export const readManifest = async (folder: string, version: string): Promise<DatasetManifest> => {
  const text = await readOptional(manifestPath(folder, version));
  if (text === undefined)
    throw badData(
      'missing-version',
      `Version ${version} of the dataset in ${folder} is gone.`,
      'Import it again, or name another version.',
    );
  if (createHash('sha256').update(text).digest('hex') !== version)
    throw badData('altered-manifest', `${manifestPath(folder, version)} was altered: its hash is not its name.`, 'Import the data again.');
  const parsed: unknown = JSON.parse(text);
  if (!isManifest(parsed))
    throw badData('unknown-format', `${manifestPath(folder, version)} has a format this release does not know.`, 'Update quantai-trad.');
  return { ...parsed, version };
};

/** Datasets by name and folder: the workspace's own, and the packaged sample where the workspace has none of that name. */
const folders = async (workspace: string): Promise<ReadonlyMap<string, string>> => {
  const own = datasetsFolder(workspace);
  const places = (await readdir(own).catch(() => [])).sort().map(name => [name, join(own, name)] as const);
  const found = new Map<string, string>();
  for (const [name, folder] of [...places, ['sample', join(packagedDatasets(), 'sample')] as const])
    if (!found.has(name) && existsSync(join(folder, 'HEAD'))) found.set(name, folder);
  return found;
};

const toDataset = (folder: string, manifest: DatasetManifest): Dataset => ({
  id: manifest.id,
  folder,
  manifest,
  instruments: new Map(manifest.instruments.map(instrument => [instrument.symbol, instrument])),
  entries: manifest.series,
});

const resolveVersion = async (folder: string, id: string, wanted: string): Promise<string> => {
  const names = (await readdir(join(folder, 'versions')).catch(() => [])).filter(name => name.endsWith('.json'));
  const matches = names.map(name => name.slice(0, -'.json'.length)).filter(version => version.startsWith(wanted));
  const [only] = matches;
  if (only === undefined)
    throw usageError('unknown-version', `Dataset "${id}" has no version ${wanted}.`, 'List them with: quantai data list --json');
  if (matches.length > 1)
    throw usageError('ambiguous-version', `${matches.length} versions of dataset "${id}" start with ${wanted}.`, 'Give more digits of it.');
  return only;
};

/**
 * Opens a dataset at its newest version, or at a named one: `btc` or `btc@3f9a…` (any unambiguous beginning of the hash).
 * Throws a usage error with the nearest name for one that does not exist.
 */
export const openDataset = async (workspace: string, idOrIdAtVersion: string): Promise<Dataset> => {
  const [id = '', wanted] = idOrIdAtVersion.split('@');
  const known = await folders(workspace);
  const folder = known.get(id);
  if (folder === undefined)
    throw usageError(
      'unknown-dataset',
      `There is no dataset "${id}" in ${datasetsFolder(workspace)}.${didYouMean(id, known.keys())}`,
      'List what is there with: quantai data list',
    );
  const version = wanted === undefined ? await headVersion(folder) : await resolveVersion(folder, id, wanted);
  return toDataset(folder, await readManifest(folder, version ?? ''));
};

/** Every dataset of the workspace at its newest version, by name; the packaged sample included. */
export const listDatasets = async (workspace: string): Promise<readonly Dataset[]> =>
  Promise.all([...(await folders(workspace)).keys()].sort().map(id => openDataset(workspace, id)));

/** Which series is meant: bars need a timeframe when the dataset has several. */
export interface SeriesName {
  readonly symbol: Symbol;
  readonly kind: MarketKind;
  readonly timeframe?: string | undefined;
}

const lettersOf = (symbol: Symbol): string => symbol.replace(/[^A-Za-z0-9]/g, '').toUpperCase();

/** People write BTC, BTCUSDT or BTC/USDT for BTC/USDT:USDT; further off than a typo, but no guess. */
const nearestSymbol = (word: Symbol, symbols: ReadonlySet<Symbol>): string => {
  const longer = [...symbols].filter(symbol => word !== '' && lettersOf(symbol).startsWith(lettersOf(word)));
  return longer.length === 1 ? ` Did you mean "${longer[0]}"?` : didYouMean(word, symbols);
};

/** The entry of one series. Throws a usage error that names what the dataset holds instead. */
export const findSeries = (dataset: Dataset, { symbol, kind, timeframe }: SeriesName): SeriesEntry => {
  const list = `See what it holds with: quantai data list ${dataset.id}`;
  const symbols = new Set(dataset.entries.map(entry => entry.symbol));
  if (!symbols.has(symbol))
    throw usageError('unknown-symbol', `Dataset "${dataset.id}" has no symbol "${symbol}".${nearestSymbol(symbol, symbols)}`, list);
  const ofKind = dataset.entries.filter(entry => entry.symbol === symbol && entry.kind === kind);
  if (ofKind.length === 0)
    throw usageError('missing-series', `Dataset "${dataset.id}" has no ${kind} of ${symbol}.`, `Import it with --kind ${kind}. ${list}`);
  const named = kind === 'bars' && timeframe !== undefined ? ofKind.filter(entry => entry.timeframe === timeframe) : ofKind;
  const frames = ofKind.map(entry => entry.timeframe ?? '').join(', ');
  if (named.length > 1)
    throw usageError('ambiguous-timeframe', `Dataset "${dataset.id}" has ${kind} of ${symbol} at ${frames}.`, 'Name one with --timeframe.');
  const [entry] = named;
  if (entry === undefined)
    throw usageError(
      'missing-timeframe',
      `Dataset "${dataset.id}" has no ${timeframe} bars of ${symbol}, but ${frames}.`,
      `Use --timeframe ${ofKind[0]?.timeframe}.`,
    );
  return entry;
};

const hashFile = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const hash = createHash('sha256');
    createReadStream(path)
      .on('data', data => hash.update(data))
      .on('end', () => resolve(hash.digest('hex')))
      .on('error', reject);
  });

/** A lake file that is not what the manifest says. */
export interface DamagedFile {
  readonly path: string;
  readonly reason: 'missing' | 'altered';
}

/** Compares every file of a dataset version with its SHA-256. Empty when all is well. */
export const verifyDataset = async (dataset: Dataset): Promise<readonly DamagedFile[]> => {
  const damaged: DamagedFile[] = [];
  for (const file of dataset.entries.flatMap(entry => entry.files)) {
    const path = join(dataset.folder, file.path);
    if (!existsSync(path)) damaged.push({ path, reason: 'missing' });
    else if ((await hashFile(path)) !== file.sha256) damaged.push({ path, reason: 'altered' });
  }
  return damaged;
};
