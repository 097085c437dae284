import { constants } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean, usageError } from '../errors.js';
import type { Workspace } from './workspace.js';

/** The notebooks that come with the platform. */
const PACKAGED = fileURLToPath(new URL('../../notebooks/', import.meta.url));

const notebooksIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.ipynb')).sort();

/** Where the notebooks of a workspace lie. */
export const notebooksFolder = (workspace: Workspace): string => join(workspace.root, 'notebooks');

/** Names of the notebooks in a workspace, in order. */
export const notebooksOf = (workspace: Workspace): Promise<string[]> => notebooksIn(notebooksFolder(workspace));

/** Copies those that the workspace does not have yet; what is there is the user's. Returns what was copied. */
export const copyNotebooks = async (workspace: Workspace): Promise<readonly string[]> => {
  const folder = notebooksFolder(workspace);
  await mkdir(folder, { recursive: true });
  const copied: string[] = [];
  for (const name of await notebooksIn(PACKAGED)) {
    try {
      await copyFile(join(PACKAGED, name), join(folder, name), constants.COPYFILE_EXCL);
      copied.push(name);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  return copied;
};

/** Notebooks by `all`, a name with or without its ending, or the number that it begins with. Throws `unknown-notebook`. */
export const chooseNotebooks = async (workspace: Workspace, wanted: string): Promise<readonly string[]> => {
  const names = await notebooksOf(workspace);
  if (wanted === 'all') return names;
  const bare = wanted.replace(/\.ipynb$/, '');
  const chosen = names.filter(name => name === `${bare}.ipynb` || (/^\d+$/.test(bare) && Number(/^\d+/.exec(name)?.[0]) === Number(bare)));
  if (chosen.length > 0) return chosen;
  const known = names.map(name => name.replace(/\.ipynb$/, ''));
  throw usageError('unknown-notebook', `There is no notebook "${wanted}".${didYouMean(bare, known)}`, `Notebooks: ${known.join(', ')}.`);
};
