import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Flushes the entries of a folder to disk. */
export const syncFolder = async (folder: string): Promise<void> => {
  // Windows cannot open a folder; there the rename itself is journalled.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Of this thread of this process: several machines write to one share, and containers of all of them have process 1. */
const ME = `${process.pid}-${randomBytes(4).toString('hex')}`;

/** A name beside `path` that no other process, on any machine, and no earlier write uses; readers and `data gc` know it by `.tmp`. */
let serial = 0;
export const temporaryName = (path: string): string => `${path}.${ME}-${(serial += 1)}.tmp`;

/**
 * Makes a finished temporary file the file `path`: flushed to disk, renamed over it, and the folder entry flushed. Readers see the
 * old file or the new one, whole; after a power cut too.
 */
export const publishFile = async (temporary: string, path: string): Promise<void> => {
  const handle = await open(temporary, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
};

/** Writes a whole file so that it is there entirely or not at all. `mode` is that of a new file, before the process's mask. */
export const writeFileDurably = async (path: string, content: string | Uint8Array, mode = 0o666): Promise<void> => {
  const temporary = temporaryName(path);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
};
