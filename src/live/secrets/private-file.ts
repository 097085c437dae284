import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, temporaryName, writeFileDurably } from '../../durable-file.js';
import { usageError } from '../../errors.js';

/** A file that its owner alone can read, or undefined when there is none. Throws a usage error when others can. */
export const readPrivateFile = async (path: string): Promise<string | undefined> => {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return undefined;
  // Windows has no such bits.
  if (process.platform !== 'win32' && (info.mode & 0o077) !== 0)
    throw usageError(
      'open-key-file',
      `${path} is open to others (mode ${(info.mode & 0o777).toString(8)}).`,
      `Close it: chmod 600 ${path}`,
    );
  return readFile(path, 'utf8');
};

/** Writes a file for its owner alone, whole or not at all. */
export const writePrivateFile = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileDurably(path, text, 0o600);
};

/** Disks that know no links, such as FAT. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Writes a file for its owner alone, whole or not at all, where there is none; false where there is one, whoever may read it. */
export const createPrivateFile = async (path: string, text: string): Promise<boolean> => {
  const temporary = temporaryName(path);
  await writePrivateFile(temporary, text);
  try {
    // Unlike a rename it takes no other file's place.
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(codeOf(error))) throw error;
    const made = await writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true }).then(
      () => true,
      (why: unknown) => {
        if (codeOf(why) === 'EEXIST') return false;
        throw why;
      },
    );
    if (!made) return false;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
};
