import type { DatasetManifest } from '../../datasets/manifest.js';
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

/** A manifest as it lies in a lake, read. Throws a SyntaxError or a TypeError for what is none. */
export const parseManifest = (bytes: Uint8Array): Omit<DatasetManifest, 'version'> => {
  const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (
    typeof parsed === 'object' &&
    parsed !== null &&
    'format' in parsed &&
    parsed.format === 1 &&
    'series' in parsed &&
    Array.isArray(parsed.series)
  )
    return parsed as Omit<DatasetManifest, 'version'>;
  throw new TypeError('it is no manifest of a dataset, or one of another release');
};

/** Which parts of a version a lake lacks, its manifest among them. */
export const missingOfVersion = async (lake: Lake, version: string): Promise<readonly string[]> => {
  if (!(await lake.has(version))) return [version];
  const parts = versionParts(parseManifest(await lake.get(version)));
  const there = await inParallel(parts, 8, ({ hash }) => lake.has(hash));
  return parts.filter((_, i) => there[i] === false).map(({ hash }) => hash);
};
