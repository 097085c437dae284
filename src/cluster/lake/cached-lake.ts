import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withWriterLock } from '../../datasets/writer-lock.js';
import { UserError } from '../../errors.js';
import { hashOf, partPath } from './content-hash.js';
import { download, PATIENCE, type Draft } from './download.js';
import { isFull } from './lake-errors.js';
import type { OpenLake } from './open-lake.js';
import { readPart } from './read-part.js';

/** How a cache is kept. */
export interface CacheOptions {
  /** Size of the folder beyond which what was used longest ago goes, bytes. */
  readonly limitBytes: number;
  /** Told of each part: where it came from, and how many bytes crossed for it. */
  readonly onPart?: (part: { readonly hash: string; readonly bytes: number; readonly from: 'cache' | 'lake' }) => void;
  /** Pause before the second try, milliseconds. */
  readonly pauseMs?: number;
}

interface Kept {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/** How long to wait for another worker of this machine that fetches the same part; then it is fetched beside the cache. */
const WAIT_MS = 120_000;

/** A part of which nothing was written for so long is fetched by nobody: the lock is of a machine that is gone, as containers are. A lake that is away is given up sooner than that. */
const ABANDONED_MS = 120_000;

const changedAt = async (path: string): Promise<number | undefined> => (await stat(path).catch(() => undefined))?.mtimeMs;

const contents = async (folder: string): Promise<Kept[]> => {
  const items = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const kept: Kept[] = [];
  for (const item of items) {
    if (!item.isFile() || item.name.endsWith('.lock')) continue;
    const path = join(item.parentPath, item.name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined) kept.push({ path, bytes: stats.size, usedAt: stats.mtimeMs });
  }
  return kept;
};

/** Removes what was used longest ago until the folder is within its limit. Those who read a file that goes have it open, or fetch it again. */
const evict = async (folder: string, limitBytes: number, spared: string): Promise<number> => {
  const kept = (await contents(folder)).sort((a, b) => a.usedAt - b.usedAt);
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of kept) {
    if (total <= limitBytes) break;
    if (path === spared) continue;
    await rm(path, { force: true });
    total -= bytes;
  }
  return total;
};

/** A socket hands over some 64 kB at a time; writing each alone costs as much as fetching it. */
const WRITE_BYTES = 1024 * 1024;

/** A file that a download is written to as it comes. A disk that is full ends the writing and not the download. */
const draftIn = async (path: string): Promise<Draft & { readonly close: () => Promise<boolean> }> => {
  const begun = await readFile(path).catch(() => new Uint8Array());
  let handle: FileHandle | null = await open(path, 'a');
  let waiting: Uint8Array[] = [];
  let size = 0;
  const giveUp = async (): Promise<void> => {
    await handle?.close();
    handle = null;
    await rm(path, { force: true });
  };
  const writing = async (work: (file: FileHandle) => Promise<unknown>): Promise<void> => {
    const taken = handle;
    if (taken === null) return;
    try {
      await work(taken);
    } catch (error) {
      if (!isFull(error)) throw error;
      await giveUp();
    }
  };
  const flush = async (): Promise<void> => {
    const chunks = waiting;
    [waiting, size] = [[], 0];
    if (chunks.length > 0) await writing(file => file.appendFile(Buffer.concat(chunks)));
  };
  return {
    begun,
    append: async bytes => {
      waiting.push(bytes);
      size += bytes.length;
      if (size >= WRITE_BYTES) await flush();
    },
    clear: async () => {
      [waiting, size] = [[], 0];
      await writing(file => file.truncate(0));
    },
    /** Whether all that came is in the file. */
    close: async () => {
      await flush();
      if (handle === null) return false;
      await handle.close();
      return true;
    },
  };
};

/**
 * A lake with a folder of this machine before it. What is there and has its hash (looked at when this process first uses it) is not fetched; what is not there is fetched into `<hash>.part`, which a later process goes on
 * with, and renamed. Workers of one machine share the folder: one fetches a part while the others wait for it. Beyond the limit, what was used longest ago goes. A cache that cannot be written to
 * is done without.
 */
export const cachedLake = (
  remote: OpenLake,
  folder: string,
  { limitBytes, onPart, pauseMs = PATIENCE.pauseMs }: CacheOptions,
): OpenLake => {
  const verified = new Set<string>();
  /** Size of the folder as far as this process knows; others write there too, so it is counted anew before anything goes. */
  let size: number | undefined;

  const cached = async (hash: string, signal: AbortSignal | undefined): Promise<Uint8Array<SharedArrayBuffer> | undefined> => {
    const path = join(folder, partPath(hash));
    const bytes = await readPart(path, signal).catch(() => undefined);
    signal?.throwIfAborted();
    if (bytes === undefined) return undefined;
    if (!verified.has(hash)) {
      if ((await hashOf(bytes)) !== hash) {
        await rm(path, { force: true });
        return undefined;
      }
      verified.add(hash);
    }
    return bytes;
  };

  const bring = async (hash: string, signal: AbortSignal | undefined): Promise<Uint8Array<SharedArrayBuffer>> => {
    const path = join(folder, partPath(hash));
    const part = `${path}.part`;
    const draft = await draftIn(part);
    let crossed = 0;
    const counted: Draft = {
      begun: draft.begun,
      append: async bytes => {
        crossed += bytes.length;
        await draft.append(bytes);
      },
      clear: draft.clear,
    };
    let isWhole = false;
    let bytes: Uint8Array<SharedArrayBuffer>;
    try {
      bytes = await download(remote, hash, { draft: counted, signal, patience: { ...PATIENCE, pauseMs } });
      isWhole = true;
    } finally {
      const isWritten = await draft.close();
      // An empty draft is nothing to go on with.
      if (!isWhole && isWritten && draft.begun.length + crossed === 0) await rm(part, { force: true });
      else if (isWhole && isWritten) await rename(part, path);
    }
    verified.add(hash);
    onPart?.({ hash, bytes: crossed, from: 'lake' });
    size = (size ?? (await evict(folder, Infinity, ''))) + bytes.length;
    if (size > limitBytes) size = await evict(folder, limitBytes, path);
    return bytes;
  };

  const get = async (hash: string, signal?: AbortSignal): Promise<Uint8Array<SharedArrayBuffer>> => {
    const known = async (): Promise<Uint8Array<SharedArrayBuffer> | undefined> => {
      const bytes = await cached(hash, signal);
      if (bytes !== undefined) onPart?.({ hash, bytes: 0, from: 'cache' });
      return bytes;
    };
    const at = await known();
    if (at !== undefined) return at;
    const path = join(folder, partPath(hash));
    try {
      await mkdir(dirname(path), { recursive: true });
      const lock = `${path}.lock`;
      const isAbandoned = async (): Promise<boolean> =>
        // A lock that is not there any more was let go.
        Math.max((await changedAt(lock)) ?? Infinity, (await changedAt(`${path}.part`)) ?? 0) < Date.now() - ABANDONED_MS;
      return await withWriterLock(lock, async () => (await known()) ?? (await bring(hash, signal)), WAIT_MS, isAbandoned);
    } catch (error) {
      signal?.throwIfAborted();
      // Not the lake's fault but the cache's: read-only, full, or held by a process of another machine.
      const isOurs = error instanceof UserError ? error.code === 'dataset-locked' : error instanceof Error && 'syscall' in error;
      if (!isOurs) throw error;
      const bytes = await remote.get(hash, signal);
      onPart?.({ hash, bytes: bytes.length, from: 'lake' });
      return bytes;
    }
  };

  return { ...remote, get };
};
