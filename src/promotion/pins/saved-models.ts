import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelVersion } from '../../models/registry/model-version.js';
import { sha256 } from './file-hash.js';
import type { PinFault } from './pin-fault.js';
import type { Pins } from './pins.js';

/** A version of a saved set of models that a recipe made. Paths are relative to the workspace. */
export interface SavedModels {
  readonly set: string;
  /** SHA-256 that names it. */
  readonly version: string;
  readonly path: string;
  /** When the training was requested, epoch ms. */
  readonly at: number;
  /** Checkpoint files by member. */
  readonly checkpoints: readonly { readonly path: string; readonly name: string }[];
}

type Recipe = NonNullable<Pins['recipe']>;

const CHECKPOINTS = 'models/checkpoints';

const parsed = (bytes: Buffer): ModelVersion | null => {
  try {
    const version = JSON.parse(bytes.toString()) as Partial<ModelVersion> | null;
    return version?.recipe?.hash !== undefined && typeof version.members === 'object' ? (version as ModelVersion) : null;
  } catch {
    return null;
  }
};

const namesIn = async (folder: string): Promise<readonly string[]> => (await readdir(folder).catch((): string[] => [])).sort();

/**
 * What of the workspace's saved models was made by a recipe, the oldest training first; and files of such versions whose bytes are not their name. A version that does not say its recipe any more counts where its set has models of
 * the recipe, or its text still names it.
 */
export const savedModels = async (
  { hash, seed }: Recipe,
  root: string,
): Promise<{ readonly versions: readonly SavedModels[]; readonly faults: readonly PinFault[] }> => {
  const versions: SavedModels[] = [];
  const faults: PinFault[] = [];
  for (const set of await namesIn(join(root, 'models'))) {
    const folder = `models/${set}/versions`;
    const altered: { readonly path: string; readonly isOurs: boolean }[] = [];
    let found = 0;
    for (const name of await namesIn(join(root, folder))) {
      if (!name.endsWith('.json')) continue;
      const path = `${folder}/${name}`;
      const bytes = await readFile(join(root, path));
      const version = name.slice(0, -'.json'.length);
      const content = parsed(bytes);
      const isOurs = content?.recipe.hash === hash && content.seed === seed;
      if (sha256(bytes) !== version) altered.push({ path, isOurs: isOurs || bytes.includes(hash) });
      else if (isOurs) {
        found++;
        const names = Object.values(content.members).sort();
        versions.push({
          set,
          version,
          path,
          at: content.training.at,
          checkpoints: names.map(each => ({ path: `${CHECKPOINTS}/${each}.json.gz`, name: each })),
        });
      }
    }
    for (const { path, isOurs } of altered)
      if (isOurs || found > 0)
        faults.push({ pin: 'checkpoint', name: path, text: `${path} was changed: it does not hold what its name says.` });
  }
  versions.sort((a, b) => a.at - b.at || (a.path < b.path ? -1 : 1));
  return { versions, faults };
};
