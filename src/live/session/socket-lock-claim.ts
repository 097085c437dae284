import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks at a rival that has not made up its mind. */
const LOOK_MS = 20;
/** A rival that says nothing for so long, or nothing of use, is taken for one that holds the account: it may stand still and go on. */
const SILENT_MS = 5_000;

/** What a process with a claim says of itself. */
type Standing = 'claims' | 'holds';

/** The right to an account on this host, for as long as it is not let go of. */
export interface AccountClaim {
  release(): void;
}

/** The operating system's own word that nobody listens. A queue that is full, or a right that is missing, is somebody. */
const isNobody = ({ code }: NodeJS.ErrnoException): boolean => code === 'ECONNREFUSED' || code === 'ENOENT';

/** Whether somebody listens at a path, answering or not. */
export const listensAt = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(!isNobody(error)));
  });

/** What the process behind a claim says. `gone`: the operating system says that there is none any more. `silent`: it does not answer. `unclear`: the connection ended without a word, as when a process ends, and when one can open no more sockets. */
const standingOf = (path: string): Promise<Standing | 'gone' | 'silent' | 'unclear'> =>
  new Promise(resolve => {
    let text = '';
    const socket = connect(path);
    const give = (standing: Standing | 'gone' | 'silent' | 'unclear'): void => {
      socket.destroy();
      resolve(standing);
    };
    socket.setEncoding('utf8');
    socket.setTimeout(SILENT_MS, () => give('silent'));
    socket.on('data', (part: string) => (text += part));
    socket.on('end', () => give(text === 'claims' || text === 'holds' ? text : 'unclear'));
    socket.on('error', (error: NodeJS.ErrnoException) => give(isNobody(error) ? 'gone' : 'unclear'));
  });

/** Waits until a rival is gone; false when it goes before us. */
const outlasts = async (path: string, goesFirst: boolean): Promise<boolean> => {
  for (let unclear = 0; unclear * LOOK_MS < SILENT_MS;) {
    const found = await standingOf(path);
    if (found === 'gone') return true;
    if (found === 'unclear') unclear++;
    else if (found !== 'claims' || goesFirst) return false;
    await pause(LOOK_MS);
  }
  return false;
};

const listen = (path: string, standing: () => Standing): Promise<Server> =>
  new Promise((resolve, reject) => {
    const made = createServer(socket => {
      socket.on('error', () => socket.destroy());
      // Whoever asked may stand still: nothing waits for it.
      socket.end(standing(), () => socket.destroy());
    });
    made.on('error', reject);
    made.listen(path, () => resolve(made));
  });

/**
 * Claims what `path` names against every other process of this host; null when another one holds it or has the better claim. A name that a dead process left over cannot be taken away safely: between a look and
 * the removal a living one may have taken it. So each process listens under a name of its own first, `path` with a number behind it, and looks at all others then: of two, at least one sees the other, whatever
 * their order (the flags of Dekker and Peterson, 1981). Whoever sees nobody else holds it. Of several that have not made up their minds the one with the least name goes on, once the others have let go.
 * The operating system lets go of the claims of a process that dies. What dead ones left over is removed by whoever holds it, for then nobody else can.
 */
export const claimAccount = async (path: string): Promise<AccountClaim | null> => {
  let standing: Standing = 'claims';
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  const name = `${prefix}${randomBytes(4).toString('hex')}`;
  const server = await listen(join(folder, name), () => standing);
  try {
    const rivals = (await readdir(folder)).filter(each => each.startsWith(prefix) && each !== name).sort();
    for (const rival of rivals)
      if (!(await outlasts(join(folder, rival), rival < name))) {
        server.close();
        return null;
      }
    standing = 'holds';
    // Those of another user stay.
    for (const rival of rivals) await rm(join(folder, rival), { force: true }).catch(() => undefined);
  } catch (error) {
    server.close();
    throw error;
  }
  return { release: () => void server.close() };
};
