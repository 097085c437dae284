import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isHash, partPath } from './content-hash.js';
import { parseNames } from './dataset-names.js';
import { readPart } from './read-part.js';
import { parseManifest, versionParts } from './version-parts.js';

/** What pruning removed, and what it left because datasets need it. */
export interface Pruned {
  readonly parts: number;
  readonly bytes: number;
  readonly keptForDatasets: number;
}

/** Parts that a dataset of the lake needs: the manifest of each of its versions and their files. A list or a manifest that cannot be read stops everything: what it needs is not known. */
const partsOfDatasets = async (folder: string): Promise<ReadonlySet<string>> => {
  const needed = new Set<string>();
  const lists = (await readdir(join(folder, 'datasets')).catch(() => [])).filter(name => name.endsWith('.json'));
  for (const list of lists)
    for (const version of parseNames(await readFile(join(folder, 'datasets', list), 'utf8'))) {
      needed.add(version);
      for (const { hash } of versionParts(parseManifest(await readPart(join(folder, partPath(version)))))) needed.add(hash);
    }
  return needed;
};

/**
 * Removes from a lake's folder what nobody wrote, read or asked for since `before` (epoch ms), and what interrupted writers left. A dataset's files stay, however old. A run that still names what goes says `not-in-lake` and
 * publishes it again when it is started anew.
 */
export const pruneLake = async (folder: string, before: number): Promise<Pruned> => {
  const needed = await partsOfDatasets(folder);
  const pruned = { parts: 0, bytes: 0, keptForDatasets: 0 };
  for (const shelf of (await readdir(folder).catch(() => [])).filter(name => /^[0-9a-f]{2}$/.test(name)))
    for (const name of await readdir(join(folder, shelf))) {
      const path = join(folder, shelf, name);
      if (!isHash(name) && !name.endsWith('.tmp')) continue;
      const stats = await stat(path).catch(() => undefined);
      if (stats === undefined || stats.mtimeMs >= before) continue;
      if (needed.has(name)) {
        pruned.keptForDatasets += 1;
        continue;
      }
      await rm(path, { force: true });
      pruned.parts += 1;
      pruned.bytes += stats.size;
    }
  return pruned;
};
