import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, truncate } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { syncFolder, writeFileDurably } from '../durable-file.js';
import type { Disk } from './disk.js';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Makes a folder and those above it, and their entries durable. */
const makeFolder = async (folder: string): Promise<void> => {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
};

/** The file system of the machine below `root`. Files are for their owner alone; a new file's entry in its folder is durable before it is written to. */
export const nodeDisk = (root = '.'): Disk => {
  const at = (path: string): string => resolve(root, path);
  return {
    list: async folder => {
      const names = await readdir(at(folder)).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      });
      return names.sort();
    },
    read: path => readFile(at(path)),
    readNow: path => readFileSync(at(path)),
    append: async name => {
      const path = at(name);
      await makeFolder(dirname(path));
      const created = await open(path, 'ax', 0o600).catch((error: unknown) => {
        if (codeOf(error) === 'EEXIST') return null;
        throw error;
      });
      // Each time: whoever made the file may have been killed before its entry was durable.
      await syncFolder(dirname(path));
      const handle = created ?? (await open(path, 'a'));
      return {
        write: async bytes => {
          for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done)).bytesWritten;
        },
        sync: () => handle.datasync(),
        close: () => handle.close(),
      };
    },
    truncate: async (name, length) => {
      const path = at(name);
      await truncate(path, length);
      const handle = await open(path, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    publish: async (name, bytes) => {
      const path = at(name);
      await makeFolder(dirname(path));
      await writeFileDurably(path, bytes, 0o600);
    },
    rename: async (from, to) => {
      await rename(at(from), at(to));
      await syncFolder(dirname(at(to)));
      if (dirname(at(from)) !== dirname(at(to))) await syncFolder(dirname(at(from)));
    },
  };
};
