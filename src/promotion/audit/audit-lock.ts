import { open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withWriterLock } from '../../datasets/writer-lock.js';
import { UserError } from '../../errors.js';
import { claimAccount, listensAt, type AccountClaim } from '../../live/session/socket-lock-claim.js';

/** The last holder or waiter of each log in this thread: they take turns here before they reach for the lock. */
const turns = new Map<string, Promise<unknown>>();

/** A path that is longer cannot be bound. */
const LONGEST = 90;
/** Between two looks; longer each time, or many who wait take the time of the one who works. */
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 100;

/** Sockets do not exist there: no such filesystem, or none that keeps them. */
const NO_SOCKETS = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EINVAL', 'ENOSYS']);

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const locked = (folder: string): UserError =>
  new UserError(
    'audit-locked',
    `Another process holds the audit log in ${folder}.`,
    4,
    'Wait until it is done; look for a process that stands still.',
  );

/** Whether somebody has the lock, or reaches for it: who only waits makes no claim that the others would have to look at. */
const isTaken = async (path: string): Promise<boolean> => {
  const folder = dirname(path);
  for (const name of await readdir(folder)) if (/^lock\.[0-9a-f]{8}$/.test(name) && (await listensAt(join(folder, name)))) return true;
  return false;
};

/** Waits for the claim; null where the folder cannot hold sockets. */
const claim = async (folder: string, patienceMs: number): Promise<AccountClaim | null> => {
  // In the folder itself, so that whoever sees the log sees the lock: a temporary folder may be private to a process.
  // Through the folder's descriptor the path is short however deep the folder lies.
  const handle = process.platform === 'linux' ? await open(folder, 'r') : null;
  const path = handle === null ? join(folder, 'lock') : `/proc/self/fd/${handle.fd}/lock`;
  const end = performance.now() + patienceMs;
  try {
    if (path.length > LONGEST) {
      await handle?.close();
      return null;
    }
    for (let look = FIRST_LOOK_MS; ; look = Math.min(2 * look, LAST_LOOK_MS)) {
      const got = (await isTaken(path)) ? null : await claimAccount(path);
      if (got !== null)
        return {
          release: () => {
            got.release();
            void handle?.close();
          },
        };
      if (performance.now() >= end) throw locked(folder);
      await pause(look * (0.5 + Math.random()));
    }
  } catch (error) {
    await handle?.close();
    if (NO_SOCKETS.has(codeOf(error))) return null;
    throw error;
  }
};

/**
 * Runs `work` as the only one that appends to the log in a folder. The operating system lets go of the lock of a process that dies. Where a folder cannot hold sockets a lock file stands in, which names its process.
 * Throws `audit-locked` (exit code 4) when patience ends.
 */
export const withAuditLock = async <T>(folder: string, patienceMs: number, work: () => Promise<T>): Promise<T> => {
  const before = turns.get(folder) ?? Promise.resolve();
  const turn = before.then(async () => {
    const claimed = process.platform === 'win32' ? null : await claim(folder, patienceMs);
    if (claimed === null) return withWriterLock(join(folder, 'lock.pid'), work, patienceMs);
    try {
      return await work();
    } finally {
      claimed.release();
    }
  });
  const settled = turn.catch(() => undefined);
  turns.set(folder, settled);
  try {
    return await turn;
  } finally {
    if (turns.get(folder) === settled) turns.delete(folder);
  }
};
