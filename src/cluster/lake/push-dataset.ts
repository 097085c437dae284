import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestPath, type Dataset } from '../../datasets/catalogue.js';
import { badData } from '../../errors.js';
import { hashOf } from './content-hash.js';
import { inParallel } from './in-parallel.js';
import { isMissing } from './lake-errors.js';
import type { OpenLake } from './open-lake.js';
import { versionParts } from './version-parts.js';

/** What a push did. Files that the lake had are in `files` and `bytes` and not in what was sent. */
export interface Pushed {
  readonly files: number;
  readonly bytes: number;
  readonly sentFiles: number;
  readonly sentBytes: number;
}

const AT_ONCE = 4;

/**
 * Puts one version of a dataset into a lake: its files, then its manifest, then its name. One that was interrupted goes on with what is missing. Throws bad data for a file that is not what the manifest says: nothing that is
 * damaged here is passed on.
 */
export const pushDataset = async (
  dataset: Dataset,
  lake: OpenLake,
  { progress, signal }: { readonly progress?: (bytes: number, total: number) => void; readonly signal?: AbortSignal } = {},
): Promise<Pushed> => {
  const parts = versionParts(dataset.manifest);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  let done = 0;
  let sentFiles = 0;
  let sentBytes = 0;
  await inParallel(parts, AT_ONCE, async part => {
    signal?.throwIfAborted();
    if (!(await lake.has(part.hash))) {
      const path = join(dataset.folder, part.path);
      const content = await readFile(path).catch((error: unknown) => {
        throw isMissing(error) ? badData('missing-file', `${path} is missing.`, 'Import the data again.') : error;
      });
      if ((await hashOf(content)) !== part.hash)
        throw badData('altered-file', `${path} was altered: its hash is not that of the manifest.`, 'Import the data again.');
      await lake.put(part.hash, content);
      sentFiles += 1;
      sentBytes += content.length;
    }
    progress?.((done += part.bytes), bytes);
  });
  const { version } = dataset.manifest;
  // The bytes on disk: their hash is the version.
  if (!(await lake.has(version))) await lake.put(version, await readFile(manifestPath(dataset.folder, version)));
  await lake.addVersion(dataset.id, version);
  return { files: parts.length, bytes, sentFiles, sentBytes };
};
