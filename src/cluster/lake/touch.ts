import type { Stats } from 'node:fs';
import { utimes } from 'node:fs/promises';

/** Uses closer together than this are one. */
const AGAIN_MS = 60_000;

/** Marks a part as used now, for pruning and for the cache. A folder that this user may only read keeps no such marks. */
export const touch = async (path: string, { mtimeMs }: Pick<Stats, 'mtimeMs'>): Promise<void> => {
  const now = Date.now();
  if (now - mtimeMs < AGAIN_MS) return;
  await utimes(path, now / 1000, now / 1000).catch(() => undefined);
};
