import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeExact, encodeExact } from '../cluster/exact-json.js';
import { canonicalJson } from '../datasets/canonical-json.js';
import { temporaryName } from '../durable-file.js';

/** Finished jobs of a run, by the hash of everything that they depend on, so that a resumed run does not repeat them. */
export interface JobStore {
  /** The result, or undefined when it is not there or not whole. */
  read<R>(hash: string): Promise<R | undefined>;
  write(hash: string, result: unknown): Promise<void>;
  /** The job is run again by the next who asks. */
  remove(hash: string): Promise<void>;
}

/** SHA-256 of canonical JSON. */
export const contentHash = (content: unknown): string => createHash('sha256').update(canonicalJson(content)).digest('hex');

/** Jobs as `<folder>/<hash>.json`, each written under a temporary name and renamed. One cut short by a power cut does not parse and is computed again. */
export const folderStore = (folder: string): JobStore => {
  let made: Promise<unknown> | undefined;
  return {
    read: async <R>(hash: string): Promise<R | undefined> => {
      try {
        const stored = decodeExact(await readFile(join(folder, `${hash}.json`), 'utf8')) as { readonly hash?: unknown; readonly result: R };
        return stored.hash === hash ? stored.result : undefined;
      } catch {
        return undefined;
      }
    },
    write: async (hash, result) => {
      await (made ??= mkdir(folder, { recursive: true }));
      const path = join(folder, `${hash}.json`);
      const temporary = temporaryName(path);
      await writeFile(temporary, encodeExact({ hash, result }));
      await rename(temporary, path);
    },
    remove: hash => rm(join(folder, `${hash}.json`), { force: true }),
  };
};

/** Keeps nothing: for runs without a folder. */
export const noStore: JobStore = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
