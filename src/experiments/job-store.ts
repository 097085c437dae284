import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { temporaryName } from '../durable-file.js';

/** Finished jobs of a run, by the hash of everything that they depend on, so that a resumed run does not repeat them. */
export interface JobStore {
  /** The result, or undefined when it is not there or not whole. */
  read<R>(hash: string): Promise<R | undefined>;
  write(hash: string, result: unknown): Promise<void>;
}

/** SHA-256 of canonical JSON. */
export const contentHash = (content: unknown): string => createHash('sha256').update(canonicalJson(content)).digest('hex');

const isColumn = (value: unknown): value is { readonly float64: string } =>
  typeof value === 'object' && value !== null && 'float64' in value && typeof value.float64 === 'string' && Object.keys(value).length === 1;

/** Columns as base64 of their bytes: exact, and a third of the size of decimals. */
const encode = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    item instanceof Float64Array ? { float64: Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('base64') } : item,
  );

const decode = (text: string): unknown =>
  JSON.parse(text, (_key, item: unknown) =>
    isColumn(item) ? new Float64Array(new Uint8Array(Buffer.from(item.float64, 'base64')).buffer) : item,
  );

/** Jobs as `<folder>/<hash>.json`, each written under a temporary name and renamed. One cut short by a power cut does not parse and is computed again. */
export const folderStore = (folder: string): JobStore => {
  let made: Promise<unknown> | undefined;
  return {
    read: async <R>(hash: string): Promise<R | undefined> => {
      try {
        const stored = decode(await readFile(join(folder, `${hash}.json`), 'utf8')) as { readonly hash?: unknown; readonly result: R };
        return stored.hash === hash ? stored.result : undefined;
      } catch {
        return undefined;
      }
    },
    write: async (hash, result) => {
      await (made ??= mkdir(folder, { recursive: true }));
      const path = join(folder, `${hash}.json`);
      const temporary = temporaryName(path);
      await writeFile(temporary, encode({ hash, result }));
      await rename(temporary, path);
    },
  };
};

/** Keeps nothing: for runs without a folder. */
export const noStore: JobStore = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
