import type { Disk } from '../../../src/journal/disk.js';

/** Files in memory. `full` makes every write fail from then on. */
export const memoryDisk = (): Disk & { readonly files: Map<string, Uint8Array>; full: boolean } => {
  const files = new Map<string, Uint8Array>();
  const disk = {
    files,
    full: false,
    list: async (folder: string) =>
      [...files.keys()]
        .filter(path => path.startsWith(`${folder}/`))
        .map(path => path.slice(folder.length + 1))
        .sort(),
    read: async (path: string) => {
      const found = files.get(path);
      if (found === undefined) throw new Error(`no ${path}`);
      return found;
    },
    readNow: (path: string) => files.get(path) ?? new Uint8Array(),
    append: async (path: string) => {
      if (!files.has(path)) files.set(path, new Uint8Array());
      return {
        write: async (bytes: Uint8Array) => {
          if (disk.full) throw new Error('ENOSPC: no space left on device');
          files.set(path, Buffer.concat([files.get(path) ?? new Uint8Array(), bytes]));
        },
        sync: async () => undefined,
        close: async () => undefined,
      };
    },
    truncate: async () => undefined,
    publish: async () => undefined,
    rename: async () => undefined,
  };
  return disk;
};
