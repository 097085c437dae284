import { createReadStream } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkDatasetId } from '../../datasets/layout.js';
import { withWriterLock } from '../../datasets/writer-lock.js';
import { writeFileDurably } from '../../durable-file.js';
import { messageOf } from '../../errors.js';
import { hashOf, partPath } from './content-hash.js';
import { namesPath, namesText, parseNames } from './dataset-names.js';
import { folderError, isMissing, lakeCorrupt, notInLake } from './lake-errors.js';
import type { OpenLake } from './open-lake.js';
import { readPart } from './read-part.js';
import { touch } from './touch.js';

/**
 * A lake in a folder, on this machine or on a share. Parts are written under a temporary name, flushed and renamed: two that write the same one do no harm, and a reader finds all of a part or
 * nothing. What is read is hashed, because disks and shares lie now and then.
 */
export const folderLake = (folder: string): OpenLake => {
  const pathOf = (hash: string): string => join(folder, partPath(hash));
  /** The words of the file system as those of the lake. */
  const told = async <T>(work: Promise<T>, hash?: string): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (hash !== undefined && isMissing(error)) throw notInLake(folder, hash);
      throw folderError(folder, error);
    }
  };
  const names = async (id: string): Promise<readonly string[]> => {
    const path = join(folder, namesPath(checkDatasetId(id)));
    try {
      return parseNames(await readFile(path, 'utf8'));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error instanceof SyntaxError || error instanceof TypeError
        ? new Error(`${path}: ${messageOf(error)}`)
        : folderError(folder, error);
    }
  };
  const has = async (hash: string): Promise<boolean> => {
    try {
      const path = pathOf(hash);
      // Marked as used: what a run is about to name must not be pruned before it does.
      await touch(path, await stat(path));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw folderError(folder, error);
    }
  };
  return {
    url: folder,
    has,
    put: async (hash, bytes) => {
      if ((await hashOf(bytes)) !== hash) throw new RangeError(`the content is not that of ${hash}`);
      if (await has(hash)) return;
      const path = pathOf(hash);
      await told(
        (async () => {
          await mkdir(dirname(path), { recursive: true });
          await writeFileDurably(path, bytes);
        })(),
      );
    },
    get: async (hash, signal) => {
      const bytes = await told(readPart(pathOf(hash), signal), hash);
      if ((await hashOf(bytes)) !== hash) throw lakeCorrupt(folder, hash);
      return bytes;
    },
    transfer: async (hash, from, signal) => {
      const path = pathOf(hash);
      const stats = await told(stat(path), hash);
      await touch(path, stats);
      const start = Math.min(from, stats.size);
      return {
        from: start,
        total: stats.size,
        chunks: createReadStream(path, { start, highWaterMark: 1024 * 1024, ...(signal ? { signal } : {}) }),
      };
    },
    versions: names,
    addVersion: async (id, version) => {
      const path = join(folder, namesPath(checkDatasetId(id)));
      await told(
        withWriterLock(`${path}.lock`, async () => {
          const others = (await names(id)).filter(known => known !== version);
          await writeFileDurably(path, namesText([...others, version]));
        }),
      );
    },
  };
};
