import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Redis } from 'ioredis';
import type { QueuePlace } from '../../../src/cluster/queue/queue-place.js';
import { parseQueueUrl } from '../../../src/cluster/queue/parse-queue-url.js';

/** A database on loopback that the test may stop and start. */
export interface Service {
  /** A database of its own for each call, with nothing in it. */
  fresh(): Promise<QueuePlace>;
  readonly port: number;
  /** As a crash would: nothing is written any more. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Where Debian puts PostgreSQL's programs, the newest version. */
const POSTGRES_HOME = '/usr/lib/postgresql';

const postgresBin = (): string | null => {
  if (!existsSync(POSTGRES_HOME)) return null;
  const version = readdirSync(POSTGRES_HOME).sort((a, b) => Number(b) - Number(a))[0];
  const bin = version === undefined ? '' : join(POSTGRES_HOME, version, 'bin');
  return existsSync(join(bin, 'initdb')) ? bin : null;
};

const redisBinary = (): string | null => ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(path => existsSync(path)) ?? null;

/** Which of them this machine has. */
export const HAS = { postgres: postgresBin() !== null, redis: redisBinary() !== null };

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** PostgreSQL refuses root: it runs as the user that Debian made for it. */
const owner = (): { uid: number; gid: number } | Record<string, never> => {
  if (process.getuid?.() !== 0) return {};
  const ids = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: ids('-u'), gid: ids('-g') };
};

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise(resolve => child.once('exit', () => resolve()));

const untilAnswers = async (ask: () => Promise<unknown>, child: () => ChildProcess | undefined): Promise<void> => {
  for (let i = 0; i < 200; i++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (typeof child()?.exitCode === 'number') throw new Error('the database ended as it began', { cause: error });
      await pause(50);
    }
  }
  throw new Error('the database does not answer');
};

export const startPostgres = async (): Promise<Service> => {
  const bin = postgresBin()!;
  const as = owner();
  // Not in the folder of the tests, which only their own user may enter.
  const home = mkdtempSync(join('uid' in as ? '/tmp' : tmpdir(), 'quantai-pg-'));
  const data = join(home, 'data');
  if ('uid' in as) chownSync(home, as.uid!, as.gid!);
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'quantai', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C'], {
    ...as,
    cwd: home,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const port = await freePort();
  const url = (database: string): string => `postgres://quantai@127.0.0.1:${port}/${database}`;
  let child: ChildProcess | undefined;
  let count = 0;
  const ask = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url('postgres') });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  const settings = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=64MB', 'unix_socket_directories='];
  const start = async (): Promise<void> => {
    child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...settings.flatMap(each => ['-c', each])], {
      ...as,
      cwd: home,
      stdio: 'ignore',
    });
    await untilAnswers(
      () => ask('SELECT 1'),
      () => child,
    );
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined) return;
    child.kill(signal);
    await ended(child);
  };
  await start();
  return {
    port,
    fresh: async () => {
      const name = `test_${process.pid}_${++count}`;
      await ask(`CREATE DATABASE ${name}`);
      return parseQueueUrl(url(name));
    },
    start,
    kill: () => end('SIGQUIT'),
    stop: async () => {
      await end('SIGQUIT');
      rmSync(home, { recursive: true, force: true });
    },
  };
};

export const startRedis = async (): Promise<Service> => {
  const home = mkdtempSync(join(tmpdir(), 'quantai-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  let count = 0;
  const start = async (): Promise<void> => {
    // Every write is in the file at once: what a restart must not lose.
    child = spawn(
      redisBinary()!,
      [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        home,
        '--save',
        '',
        '--appendonly',
        'yes',
        '--appendfsync',
        'no',
        '--databases',
        '200',
      ],
      { stdio: 'ignore' },
    );
    const ask = async (): Promise<void> => {
      const redis = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
      redis.on('error', () => undefined);
      try {
        await redis.connect();
        await redis.ping();
      } finally {
        redis.disconnect();
      }
    };
    await untilAnswers(ask, () => child);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined) return;
    child.kill(signal);
    await ended(child);
  };
  await start();
  return {
    port,
    fresh: () => Promise.resolve(parseQueueUrl(`redis://127.0.0.1:${port}/${count++}`)),
    start,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
};
