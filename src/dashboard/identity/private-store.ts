import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { withWriterLock } from '../../datasets/writer-lock.js';
import { badData } from '../../errors.js';
import { readPrivateFile, writePrivateFile } from '../../live/secrets/private-file.js';

/** A JSON file that its owner alone can read, and that several processes may read and change: a dashboard of its own and those of sessions share their logins. */
export interface PrivateStore<T> {
  /** What the file holds now. What another process wrote is seen after a quarter of a second at the latest. */
  readonly read: () => Promise<T>;
  /** Reads, changes and writes as the only one. Nothing is written when the same value comes back. */
  readonly change: (how: (before: T) => T) => Promise<T>;
  /** A change that nothing hangs on: it is waited for a second at most, and left out where it cannot be made. On a disk that is full or locked a halt has to get through. */
  readonly note: (how: (before: T) => T) => Promise<void>;
}

const LOOK_MS = 250;
const PATIENCE_MS = 5_000;
const NOTE_MS = 1_000;
/** Shorter than a note is waited for: where another process holds the file, nothing of the note is still at work when its caller goes on. */
const NOTE_PATIENCE_MS = 700;

/** Throws `bad-dashboard-file` (exit code 3) when the file is not what was written, and a usage error when others can read it. */
export const openPrivateStore = <T>(path: string, schema: z.ZodType<T>, empty: T): PrivateStore<T> => {
  let held: { readonly value: T; readonly mark: string; readonly at: number } | null = null;

  const markOf = async (): Promise<string> => {
    const info = await stat(path, { bigint: true }).catch(() => null);
    return info === null ? '' : `${info.ino} ${info.mtimeNs} ${info.size}`;
  };
  const load = async (): Promise<T> => {
    const mark = await markOf();
    if (held?.mark === mark) {
      held = { ...held, at: performance.now() };
      return held.value;
    }
    const text = await readPrivateFile(path);
    let value = empty;
    if (text !== undefined) {
      try {
        value = schema.parse(JSON.parse(text));
      } catch {
        throw badData('bad-dashboard-file', `${path} is not what the dashboard wrote.`, 'Put a copy back, or remove the file.');
      }
    }
    held = { value, mark, at: performance.now() };
    return value;
  };
  let isNoting = false;
  const changeWithin = async (patienceMs: number, how: (before: T) => T): Promise<T> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return withWriterLock(
      `${path}.lock`,
      async () => {
        const before = await load();
        const after = how(before);
        if (after === before) return before;
        await writePrivateFile(path, `${JSON.stringify(after, null, 2)}\n`);
        held = { value: after, mark: await markOf(), at: performance.now() };
        return after;
      },
      patienceMs,
    );
  };
  return {
    read: async () => (held !== null && performance.now() - held.at < LOOK_MS ? held.value : load()),
    change: how => changeWithin(PATIENCE_MS, how),
    note: async how => {
      if (isNoting) return;
      isNoting = true;
      const noted = changeWithin(NOTE_PATIENCE_MS, how)
        .then(() => undefined)
        .catch(() => undefined)
        .finally(() => (isNoting = false));
      await Promise.race([noted, pause(NOTE_MS, undefined, { ref: false })]);
    },
  };
};
