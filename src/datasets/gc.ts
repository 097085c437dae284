import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { headVersion, manifestPath, readManifest } from './catalogue.js';
import { datasetsFolder } from './layout.js';
import { withWriterLock } from './writer-lock.js';

/** What was removed. */
export interface Collected {
  readonly versions: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

const collectOne = async (folder: string, kept: ReadonlySet<string>): Promise<Collected> => {
  const head = await headVersion(folder);
  const versions = (await readdir(join(folder, 'versions')).catch(() => []))
    .filter(name => name.endsWith('.json'))
    .map(name => name.slice(0, -'.json'.length));
  const [keep, drop] = [versions.filter(v => v === head || kept.has(v)), versions.filter(v => v !== head && !kept.has(v))];
  const needed = new Set<string>();
  for (const version of keep)
    for (const entry of (await readManifest(folder, version)).series) for (const file of entry.files) needed.add(join(folder, file.path));
  // Manifests go first: a version that is listed always has its files.
  for (const version of drop) await rm(manifestPath(folder, version));
  let files = 0;
  let bytes = 0;
  for (const item of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name);
    if (!item.isFile() || needed.has(path) || !(item.name.endsWith('.parquet') || item.name.endsWith('.tmp'))) continue;
    bytes += (await stat(path)).size;
    files += 1;
    await rm(path);
  }
  return { versions: drop.sort(), files, bytes };
};

/**
 * Removes the dataset versions that are neither newest nor in `keptVersions` (those that runs name), the lake files that only they use, and what
 * crashed writers left behind. Takes each dataset's writer lock; a reader of a version that is not kept loses it.
 */
export const gcDatasets = async (workspace: string, keptVersions: Iterable<string>): Promise<Collected> => {
  const kept = new Set(keptVersions);
  const total: { versions: string[]; files: number; bytes: number } = { versions: [], files: 0, bytes: 0 };
  for (const name of (await readdir(datasetsFolder(workspace)).catch(() => [])).sort()) {
    const folder = join(datasetsFolder(workspace), name);
    if (!existsSync(join(folder, 'versions'))) continue;
    const { versions, files, bytes } = await withWriterLock(join(folder, '.writer-lock'), () => collectOne(folder, kept));
    total.versions.push(...versions);
    total.files += files;
    total.bytes += bytes;
  }
  return total;
};
