import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { headVersion, manifestPath } from '../../datasets/catalogue.js';
import { checkOwnDatasetId, datasetsFolder } from '../../datasets/layout.js';
import type { DatasetManifest } from '../../datasets/manifest.js';
import { withWriterLock } from '../../datasets/writer-lock.js';
import { publishFile, writeFileDurably } from '../../durable-file.js';
import { badData, usageError, UserError } from '../../errors.js';
import { cachedLake } from './cached-lake.js';
import { hashOf, isHash, partPath } from './content-hash.js';
import { inParallel } from './in-parallel.js';
import type { OpenLake } from './open-lake.js';
import { parseManifest, versionParts, type VersionPart } from './version-parts.js';

/** What a fetch did. Files that were here are in `files` and `bytes` and not in what was fetched. */
export interface FetchedDataset {
  readonly id: string;
  readonly version: string;
  readonly files: number;
  readonly bytes: number;
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
  /** Whether the version is now what the dataset's name alone means. */
  readonly isHead: boolean;
}

const AT_ONCE = 6;
/** Versions between ours and theirs that are looked at before the two count as unrelated. */
const MAX_STEPS = 1_000;

/** A manifest comes from elsewhere: none of its paths may lead out of the dataset's folder. */
const SAFE_PATH = /^(?!.*(?:^|\/)\.)[A-Za-z0-9_+%.-]+(?:\/[A-Za-z0-9_+%.-]+)*\.parquet$/;

const checkPaths = (url: string, parts: readonly VersionPart[]): void => {
  const wrong = parts.find(({ path, hash }) => !SAFE_PATH.test(path) || !isHash(hash));
  if (wrong !== undefined) throw badData('bad-manifest', `A manifest in ${url} names a file "${wrong.path}".`, 'Do not use this lake.');
};

/** The version that is meant, and all that the lake lists, the newest last. */
const wantedOf = async (lake: OpenLake, id: string, wanted: string | undefined, signal?: AbortSignal) => {
  const listed = await lake.versions(id, signal);
  if (wanted === undefined) {
    const newest = listed.at(-1);
    // A share that is not mounted looks like a lake with nothing in it.
    if (newest === undefined && !/^https?:/.test(lake.url) && !existsSync(lake.url))
      throw usageError('no-lake', `There is no folder ${lake.url}.`, 'Mount the share that it is on, or name another with --lake.');
    if (newest === undefined)
      throw usageError('unknown-dataset', `${lake.url} has no dataset "${id}".`, 'Put it there with: quantai data push');
    return { version: newest, listed };
  }
  const matches = listed.filter(version => version.startsWith(wanted));
  const [only] = matches;
  if (matches.length > 1)
    throw usageError('ambiguous-version', `${matches.length} versions of dataset "${id}" start with ${wanted}.`, 'Give more digits of it.');
  if (only !== undefined) return { version: only, listed };
  // A run names its version in full, and a lake may have it though nobody listed it.
  if (isHash(wanted) && (await lake.has(wanted))) return { version: wanted, listed };
  throw usageError('unknown-version', `${lake.url} has no version ${wanted} of dataset "${id}".`, 'Put it there with: quantai data push');
};

const readManifestOf = async (lake: OpenLake, id: string, version: string, signal?: AbortSignal) => {
  const bytes = await lake.get(version, signal);
  try {
    const manifest = parseManifest(bytes);
    if (manifest.id !== id) throw new TypeError(`it is of dataset "${String(manifest.id)}"`);
    return { manifest, bytes };
  } catch (error) {
    throw badData('bad-manifest', `${lake.url} has no manifest of "${id}" as ${version}: ${error instanceof Error ? error.message : ''}.`);
  }
};

/** Whether a version was made from an older one, as far as the lake's manifests tell. */
const descends = async (lake: OpenLake, from: Pick<DatasetManifest, 'parent'>, older: string): Promise<boolean> => {
  let { parent } = from;
  for (let step = 0; step < MAX_STEPS && parent !== null; step += 1) {
    if (parent === older) return true;
    try {
      ({ parent } = parseManifest(await lake.get(parent)));
    } catch (error) {
      if (error instanceof UserError && error.code !== 'not-in-lake') throw error;
      return false;
    }
  }
  return false;
};

const isThere = async (path: string, hash: string): Promise<boolean> => existsSync(path) && (await hashOf(await readFile(path))) === hash;

/**
 * Brings one version of a dataset from a lake into a workspace: `btc` is the one that was pushed last, `btc@3f9a…` another. Files are fetched and verified beside the dataset, so that an interrupted fetch goes on with what
 * is missing and writers are not kept waiting; then they are moved in under the dataset's writer lock, the manifest after them, and the newest version at last. The name alone keeps its meaning where the workspace
 * has rows of its own that the lake does not know, and where a version was asked for.
 */
export const fetchDataset = async (
  workspace: string,
  idOrIdAtVersion: string,
  lake: OpenLake,
  {
    scratch,
    progress,
    signal,
  }: {
    /** Folder for what is on its way; on the file system of the workspace. */
    readonly scratch: string;
    readonly progress?: (bytes: number, total: number) => void;
    readonly signal?: AbortSignal;
  },
): Promise<FetchedDataset> => {
  const [name = '', wanted] = idOrIdAtVersion.split('@');
  const id = checkOwnDatasetId(name);
  const folder = join(datasetsFolder(workspace), id);
  const { version, listed } = await wantedOf(lake, id, wanted, signal);
  const { manifest, bytes: text } = await readManifestOf(lake, id, version, signal);
  const parts = versionParts(manifest);
  checkPaths(lake.url, parts);
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);

  // Of this version alone: another fetch that ends must not take it away.
  const staging = join(scratch, version);
  let done = 0;
  const missing: VersionPart[] = [];
  const stage = cachedLake(lake, staging, { limitBytes: Infinity });
  await inParallel(parts, AT_ONCE, async part => {
    signal?.throwIfAborted();
    if (!(await isThere(join(folder, part.path), part.hash))) {
      await stage.get(part.hash, signal);
      missing.push(part);
    }
    progress?.((done += part.bytes), total);
  });

  const isHead = await withWriterLock(join(folder, '.writer-lock'), async () => {
    for (const { path, hash } of missing) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      const staged = join(staging, partPath(hash));
      if (existsSync(staged)) await publishFile(staged, target);
      // Two files of one content, or a staging folder that could not be written to.
      else await writeFileDurably(target, await lake.get(hash, signal));
    }
    const path = manifestPath(folder, version);
    await mkdir(dirname(path), { recursive: true });
    await writeFileDurably(path, text);
    const head = await headVersion(folder);
    if (head === version) return true;
    const isOlder = head === undefined || (wanted === undefined && (listed.includes(head) || (await descends(lake, manifest, head))));
    if (isOlder) await writeFileDurably(join(folder, 'HEAD'), `${version}\n`);
    return isOlder;
  });
  await rm(staging, { recursive: true, force: true });
  const fetchedBytes = missing.reduce((sum, part) => sum + part.bytes, 0);
  return { id, version, files: parts.length, bytes: total, fetchedFiles: missing.length, fetchedBytes, isHead };
};
