import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { sha256 } from './file-hash.js';
import type { PinFault } from './pin-fault.js';
import type { Pins } from './pins.js';
import { savedModels } from './saved-models.js';

const contentOf = async (bytes: Buffer): Promise<Buffer | null> => {
  try {
    return await promisify(gunzip)(bytes);
  } catch {
    return null;
  }
};

const changed = (path: string): PinFault => ({
  pin: 'checkpoint',
  name: path,
  text: `${path} was changed: it does not hold what its name says.`,
});

/** Whether the bytes are those of the platform's own packing of the content: a training done again writes its checkpoints again, perhaps by another release of zlib. */
const isOwnPacking = async (bytes: Buffer, content: Buffer): Promise<boolean> => bytes.equals(await promisify(gzip)(content));

/**
 * Saved models of the pinned recipe whose bytes are not their name. Files that were there at the promotion are compared byte by byte; later ones, which scheduled trainings add, by the name that is the SHA-256 of their content.
 */
export const checkCheckpoints = async (
  { recipe, checkpoints }: Pick<Pins, 'recipe' | 'checkpoints'>,
  root: string,
): Promise<readonly PinFault[]> => {
  if (recipe === null) return [];
  const { versions, faults } = await savedModels(recipe, root);
  const pinned = new Map(checkpoints.map(({ path, sha256: hash }) => [path, hash]));
  const named = new Map(versions.flatMap(version => version.checkpoints).map(({ path, name }) => [path, name]));
  for (const { path } of checkpoints) if (!named.has(path)) named.set(path, /([0-9a-f]{64})\.json\.gz$/.exec(path)?.[1] ?? '');
  const known = new Set(faults.map(({ name }) => name));
  const found = await Promise.all(
    [...named]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(async ([path, name]): Promise<PinFault[]> => {
        if (known.has(path)) return [];
        const bytes = await readFile(join(root, path)).catch((): null => null);
        if (bytes === null) return [{ pin: 'checkpoint', name: path, text: `${path} is gone.` }];
        const hash = pinned.get(path);
        if (hash !== undefined && sha256(bytes) === hash) return [];
        // Versions are plain text, and their bytes are their name.
        if (name === '') return [changed(path)];
        const content = await contentOf(bytes);
        if (content === null || sha256(content) !== name) return [changed(path)];
        return hash === undefined || (await isOwnPacking(bytes, content)) ? [] : [changed(path)];
      }),
  );
  return [...faults, ...found.flat()];
};
