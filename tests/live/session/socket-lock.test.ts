import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { claimAccount, type AccountClaim } from '../../../src/live/session/socket-lock-claim.js';
import { socketLock, socketPath } from '../../../src/live/session/socket-lock.js';
import { random } from '../../../src/random.js';

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

const inFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'qt-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

describe.skipIf(process.platform === 'win32')('the claim to an account', () => {
  it('is had by exactly one of several that want it at once, whatever dead ones left over', () =>
    inFolder(async folder => {
      const chance = random('claims');
      for (let round = 0; round < 25; round++) {
        const path = join(folder, `r${round}`);
        // Names that nobody listens at any more.
        for (let n = chance.int(3); n > 0; n--) await writeFile(`${path}.${n}dead`, '');
        const claims = await Promise.all(
          Array.from({ length: 2 + chance.int(5) }, async () => {
            if (chance.int(2) === 0) await wait(chance.int(4));
            return claimAccount(path);
          }),
        );
        const held = claims.filter((claim): claim is AccountClaim => claim !== null);
        expect([round, held.length]).toEqual([round, 1]);
        expect(await claimAccount(path)).toBeNull();
        held[0]?.release();
        const next = await claimAccount(path);
        expect(next).not.toBeNull();
        next?.release();
        expect((await readdir(folder)).filter(name => name.startsWith(`r${round}.`))).toEqual([]);
      }
    }));

  it('is not taken from one whose answer is late or empty', () =>
    inFolder(async folder => {
      const path = join(folder, 'a');
      let asked = 0;
      // It can open no more sockets, or ends: the connection closes without a word, and then it answers again.
      const mute = createServer(socket => void (++asked < 4 ? socket.destroy() : socket.end('holds')));
      await new Promise<void>(resolve => mute.listen(`${path}.zzz`, resolve));
      expect(await claimAccount(path)).toBeNull();
      expect(asked).toBe(4);
      mute.close();
    }));

  it('is not had where a session of an older release has the door alone', async () => {
    const account = `old-${process.pid}`;
    const old = createServer();
    await new Promise<void>(resolve => old.listen(socketPath('v', account), resolve));
    const lock = socketLock('v', account, () => Promise.resolve(null));
    await expect(lock.acquire()).rejects.toThrow('already');
    await new Promise(resolve => old.close(resolve));
    await lock.acquire();
    await lock.release();
  });
});

/** A process that begins when it is told to: says whether it has the lock, and only then sends. */
const CHILD = `
import { appendFileSync } from 'node:fs';
const [, lockFile, account, sent] = process.argv;
const { socketLock } = await import(lockFile);
const lock = socketLock('v', account, () => Promise.resolve(null));
process.stdout.write('ready ');
process.stdin.once('data', () => lock.acquire().then(
  () => { appendFileSync(sent, process.pid + ' '); process.stdout.write('held '); setInterval(() => {}, 1000); },
  error => { process.stdout.write(error.code + ' ', () => process.exit(3)); },
));
`;

interface Contender {
  readonly child: ChildProcess;
  said: string;
}

describe.skipIf(process.platform === 'win32')('sessions of real processes', () => {
  it(
    'that start at once after a kill -9 get the account one at a time, and the other sends nothing',
    () =>
      inFolder(async folder => {
        const lockFile = pathToFileURL(join(process.cwd(), 'dist/live/session/socket-lock.js')).href;
        const account = `pairs-${process.pid}`;
        const sent = join(folder, 'sent');
        appendFileSync(sent, '');
        const all: Contender[] = [];
        const contender = (): Contender => {
          const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, lockFile, account, sent], {
            stdio: ['pipe', 'pipe', 'inherit'],
          });
          const made: Contender = { child, said: '' };
          child.stdout.setEncoding('utf8').on('data', (text: string) => (made.said += text));
          all.push(made);
          return made;
        };
        const until = async (each: Contender, words: readonly string[]): Promise<void> => {
          while (!words.some(word => each.said.includes(word))) await wait(2);
        };
        const PAIRS = 20;
        try {
          let holder: Contender | null = null;
          let next = [contender(), contender()];
          for (let n = 0; n < PAIRS; n++) {
            const pair = next;
            next = n + 1 < PAIRS ? [contender(), contender()] : [];
            await Promise.all(pair.map(each => until(each, ['ready'])));
            if (holder !== null) {
              const gone = new Promise(resolve => holder?.child.once('exit', resolve));
              holder.child.kill('SIGKILL');
              // Half of the time they begin while it is still dying.
              if (n % 2 === 0) await gone;
            }
            for (const each of pair) each.child.stdin?.write('go');
            await Promise.all(pair.map(each => until(each, ['held', 'account-in-use'])));
            const holders: Contender[] = pair.filter(({ said }) => said.includes('held'));
            // One that begins while the old holder is dying may find it alive still: then none of the two has it.
            if (n % 2 === 0) expect([n, holders.length]).toEqual([n, 1]);
            else expect(holders.length).toBeLessThanOrEqual(1);
            const pids = (await readFile(sent, 'utf8'))
              .trim()
              .split(' ')
              .slice(-holders.length || Infinity);
            expect(pids).toEqual(holders.map(({ child }) => String(child.pid)));
            holder = holders[0] ?? null;
          }
          const senders = (await readFile(sent, 'utf8')).trim().split(' ');
          expect(senders).toHaveLength(all.filter(({ said }) => said.includes('held')).length);
        } finally {
          for (const { child } of all) child.kill('SIGKILL');
          const left = socketPath('v', account);
          const names = await readdir(dirname(left));
          for (const name of names.filter(each => each.startsWith(basename(left)))) await rm(join(dirname(left), name), { force: true });
        }
      }),
    60_000,
  );
});
