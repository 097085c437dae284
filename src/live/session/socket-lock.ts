import { createServer, connect, type Server } from 'node:net';
import { rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../../errors.js';
import { claimAccount, listensAt, type AccountClaim } from './socket-lock-claim.js';
import type { SessionLock } from './session-options.js';

/** What a session answers on its socket, one line of JSON for one. */
export type SocketHandler = (request: unknown) => Promise<unknown>;

/** Where the session of an account listens: a name for the whole host, whatever folder it runs in. A path that is longer than 107 bytes cannot be bound, hence the hash. */
export const socketPath = (venue: string, account: string): string => {
  const name = createHash('sha256').update(`${venue}/${account}`).digest('hex').slice(0, 24);
  return process.platform === 'win32' ? `\\\\.\\pipe\\quantai-${name}` : join(tmpdir(), `quantai-${name}.sock`);
};

/** Whether a process of this host holds the place of a session, answering or not. */
export const isPlaceHeld = (venue: string, account: string): Promise<boolean> => listensAt(socketPath(venue, account));

/** The same, and true also for a session that has claimed the account and has not begun. Claims it itself for a moment. */
export const isPlaceClaimed = async (venue: string, account: string): Promise<boolean> => {
  if (process.platform !== 'win32') {
    const claim = await claimAccount(socketPath(venue, account));
    if (claim === null) return true;
    claim.release();
  }
  return isPlaceHeld(venue, account);
};

/** The lock of an account, in two steps for who has something to do as the only one before the session begins. */
export interface SocketLock extends SessionLock {
  /** Takes the account; no door is open yet. Throws as `acquire` does, which takes it too where this was not called. */
  claim(): Promise<void>;
}

const LONGEST = 1 << 16;

/**
 * The lock of an account on this host: a claim that only one process can have and that the operating system lets go of when its process dies, and a socket, the door through which `quantai halt` and
 * `quantai status` speak to the session.
 */
export const socketLock = (venue: string, account: string, handler: SocketHandler): SocketLock => {
  const path = socketPath(venue, account);
  let server: Server | null = null;
  let claim: AccountClaim | null = null;
  const listen = (): Promise<Server> =>
    new Promise((resolve, reject) => {
      const made = createServer({ allowHalfOpen: true }, socket => {
        let text = '';
        socket.setEncoding('utf8');
        socket.on('error', () => socket.destroy());
        socket.on('data', (part: string) => {
          text += part;
          if (text.length > LONGEST) socket.destroy();
        });
        socket.on('end', () => {
          let request: unknown;
          try {
            request = JSON.parse(text);
          } catch {
            socket.end();
            return;
          }
          handler(request).then(
            answer => socket.end(`${JSON.stringify(answer)}\n`),
            (error: unknown) => socket.end(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`),
          );
        });
      });
      made.on('error', reject);
      made.listen(path, () => resolve(made));
    });
  const inUse = (): Error =>
    usageError(
      'account-in-use',
      `A session of this host trades account ${account} on ${venue} already.`,
      'Stop it first: quantai halt --stop, or look at it: quantai status.',
    );
  const take = async (): Promise<void> => {
    // A pipe of Windows is gone with its process, so that its name alone is the lock.
    if (claim !== null || process.platform === 'win32') return;
    claim = await claimAccount(path);
    if (claim === null) throw inUse();
  };
  return {
    claim: take,
    acquire: async () => {
      await take();
      try {
        // A session of a release that knew no claims.
        if (await listensAt(path)) throw inUse();
        // A name that is left over belongs to nobody: whoever would take it has the claim, and that is us.
        if (process.platform !== 'win32') await rm(path, { force: true });
        server = await listen();
      } catch (error) {
        claim?.release();
        claim = null;
        throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? inUse() : error;
      }
    },
    release: async () => {
      const open = server;
      server = null;
      // The door first: whoever gets the claim next puts up its own.
      if (open !== null) await new Promise<void>(resolve => open.close(() => resolve()));
      claim?.release();
      claim = null;
    },
  };
};

/** Ask a session of this host something; null when none answers within the time. */
export const askSession = (venue: string, account: string, request: unknown, timeoutMs: number): Promise<unknown> =>
  new Promise(resolve => {
    let text = '';
    const socket = connect(socketPath(venue, account));
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMs);
    const give = (answer: unknown): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => socket.end(JSON.stringify(request)));
    socket.on('data', (part: string) => (text += part));
    socket.on('end', () => {
      try {
        give(JSON.parse(text));
      } catch {
        give(null);
      }
    });
    socket.on('timeout', () => give(null));
    socket.on('error', () => give(null));
  });
