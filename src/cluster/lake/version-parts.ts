import type { DatasetManifest } from '../../datasets/manifest.js';
import { isHash } from './content-hash.js';
import { inParallel } from './in-parallel.js';
import type { Lake } from './lake.js';

/** One file of a dataset version as the lake has it. */
export interface VersionPart {
  /** Path within the dataset's folder. */
  readonly path: string;
  readonly hash: string;
  readonly bytes: number;
}

/** The files of a dataset version. */
export const versionParts = ({ series }: Pick<DatasetManifest, 'series'>): readonly VersionPart[] =>
  series.flatMap(({ files }) => files.map(({ path, sha256, bytes }) => ({ path, hash: sha256, bytes })));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Whether a file of a manifest is named as a lake can have it. Whoever may push wrote it: what is no hash would be a path of the server. */
const isFile = (file: unknown): boolean => isRecord(file) && typeof file['sha256'] === 'string' && isHash(file['sha256']);

const isSeries = (series: unknown): boolean => isRecord(series) && Array.isArray(series['files']) && series['files'].every(isFile);

const isParent = (parent: unknown): boolean => parent === undefined || parent === null || (typeof parent === 'string' && isHash(parent));

const isManifest = (value: unknown): value is Omit<DatasetManifest, 'version'> =>
  isRecord(value) && value['format'] === 1 && Array.isArray(value['series']);

/** A manifest as it lies in a lake, read. Throws a SyntaxError or a TypeError for what is none. */
export const parseManifest = (bytes: Uint8Array): Omit<DatasetManifest, 'version'> => {
  const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (!isManifest(parsed)) throw new TypeError('it is no manifest of a dataset, or one of another release');
  if (!parsed.series.every(isSeries) || !isParent(parsed.parent)) throw new TypeError('it names something by what is no SHA-256');
  return parsed;
};

/** Which parts of a version a lake lacks, its manifest among them. */
export const missingOfVersion = async (lake: Lake, version: string): Promise<readonly string[]> => {
  if (!(await lake.has(version))) return [version];
  const parts = versionParts(parseManifest(await lake.get(version)));
  const there = await inParallel(parts, 8, ({ hash }) => lake.has(hash));
  return parts.filter((_, i) => there[i] === false).map(({ hash }) => hash);
};
