import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileDurably } from '../../durable-file.js';
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
