import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { failed } from '../errors.js';

/** The last holder or waiter of each lock in this thread: they take turns here before they reach for the file. */
const turns = new Map<string, Promise<unknown>>();

const ME = `${process.pid}.${threadId} ${hostname()}`;

const create = async (path: string, content: string): Promise<boolean> => {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(content);
    } catch (error) {
      // On a full disk: a lock without a name would never be taken over.
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
};

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const isStale = (content: string): boolean => {
  // This thread waits for its own turn before it looks, so a lock with its name is a dead namesake's (containers reuse pids).
  if (content === ME) return true;
  const match = /^(\d+)\.\d+ (.*)$/.exec(content);
  // Empty: its owner is between creating and writing it, or died there. Another machine's process cannot be asked. Both count as held.
  if (!match || match[2] !== hostname()) return false;
  const pid = Number(match[1]);
  return pid !== process.pid && !isAlive(pid);
};

/** Removes a dead owner's lock. A second lock guards the removal, or two rescuers could remove each other's fresh lock. */
const removeStale = async (path: string, content: string): Promise<void> => {
  const guard = `${path}.removing`;
  if (!(await create(guard, content))) return;
  try {
    if ((await read(path)) === content) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
};

const PAUSE_MS = 50;

const acquire = async (path: string, patienceMs: number, isAbandoned?: () => Promise<boolean>): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  for (let waited = 0; ; waited += PAUSE_MS) {
    if (await create(path, ME)) return;
    const content = await read(path);
    if (isStale(content) || (await isAbandoned?.()) === true) await removeStale(path, content);
    else if (waited >= patienceMs)
      throw failed(
        'dataset-locked',
        `Another writer (process ${content === '' ? 'unknown' : content.replace(' ', ' on ')}) holds ${path}.`,
        'Wait until it is done; if no such process runs, remove that file.',
      );
    await pause(PAUSE_MS);
  }
};

/**
 * Runs `work` as the only writer of what `path` guards, on this machine, in whatever process. Waits up to `patienceMs` (30 s) for another
 * process; a lock whose process is dead is taken over, and one of which `isAbandoned` says so: a process of another machine cannot be asked, and
 * is otherwise taken to live. Throws `dataset-locked` naming the owner when patience ends.
 */
export const withWriterLock = async <T>(
  path: string,
  work: () => Promise<T>,
  patienceMs = 30_000,
  isAbandoned?: () => Promise<boolean>,
): Promise<T> => {
  const before = turns.get(path) ?? Promise.resolve();
  const turn = before.then(async () => {
    await acquire(path, patienceMs, isAbandoned);
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  });
  const settled = turn.catch(() => undefined);
  turns.set(path, settled);
  try {
    return await turn;
  } finally {
    if (turns.get(path) === settled) turns.delete(path);
  }
};
