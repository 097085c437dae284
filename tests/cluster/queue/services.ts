import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { postgresPrograms, redisProgram, servePostgres, serveRedis, type Served } from '../../../scripts/services.mjs';
import { parseQueueUrl } from '../../../src/cluster/queue/parse-queue-url.js';
import type { QueuePlace } from '../../../src/cluster/queue/queue-place.js';

/** A database server that tests share, or have to themselves. */
export interface SharedService {
  /** A database of its own for each call, with nothing in it. */
  fresh(): Promise<QueuePlace>;
  /** Forgets the databases; ends the server if it was started for this. */
  stop(): Promise<void>;
}

/** A server of its own on loopback that the test may stop and start. */
export interface Service extends SharedService {
  readonly port: number;
  /** As a crash would: nothing is written any more. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

const TITLES = { postgres: 'PostgreSQL', redis: 'Redis' } as const;

/** Which of them this machine has. */
export const HAS = { postgres: postgresPrograms() !== null, redis: redisProgram() !== null };
for (const kind of ['postgres', 'redis'] as const)
  if (!HAS[kind])
    process.stderr.write(`There is no ${TITLES[kind]} on this machine: tests that need it are skipped (Debian has it as a package).\n`);

const asked = async (url: string, text: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
};

const askRedis = async <R>(url: string, ask: (redis: Redis) => Promise<R>): Promise<R> => {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
};

/** The same server, another database. */
const within = (url: string, database: string | number): string => {
  const at = new URL(url);
  at.pathname = `/${database}`;
  return at.href;
};

const POSTGRES = {
  fresh: async (url: string): Promise<string> => {
    const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
    await asked(url, `CREATE DATABASE ${name}`);
    return within(url, name);
  },
  forget: (url: string, used: string) => asked(url, `DROP DATABASE IF EXISTS ${new URL(used).pathname.slice(1)} WITH (FORCE)`),
};

const REDIS = {
  // Databases of Redis have numbers. One is taken by a key in it, so that no two processes have the same; the first few are left to whoever names one by its number.
  fresh: (url: string): Promise<string> =>
    askRedis(url, async redis => {
      const [, count = '16'] = (await redis.config('GET', 'databases')) as string[];
      for (let database = 4; database < Number(count); database++) {
        await redis.select(database);
        if ((await redis.set('taken', process.pid, 'NX')) === 'OK') return within(url, database);
      }
      throw new Error('Redis has no database left');
    }),
  forget: async (_url: string, used: string): Promise<void> => {
    await askRedis(used, redis => redis.flushdb());
  },
};

const own = (service: Served, { fresh }: typeof POSTGRES): Service => ({
  port: service.port,
  fresh: async () => parseQueueUrl(await fresh(service.url())),
  start: () => service.start(),
  kill: () => service.kill(),
  stop: () => service.stop(),
});

const shared = (url: string, { fresh, forget }: typeof POSTGRES): SharedService => {
  const used: string[] = [];
  return {
    fresh: async () => {
      const made = await fresh(url);
      used.push(made);
      return parseQueueUrl(made);
    },
    stop: async () => {
      for (const each of used.splice(0)) await forget(url, each);
    },
  };
};

/** A server of its own, for tests that end it. */
export const startPostgres = async (): Promise<Service> => own(await servePostgres(), POSTGRES);
export const startRedis = async (): Promise<Service> => own(await serveRedis(), REDIS);

/** The server that `.ci/run` has started for all, where it has, else one of its own. */
export const openPostgres = async (): Promise<SharedService> => {
  const url = process.env['QUANTAI_TEST_POSTGRES'];
  return url === undefined ? startPostgres() : shared(url, POSTGRES);
};
export const openRedis = async (): Promise<SharedService> => {
  const url = process.env['QUANTAI_TEST_REDIS'];
  return url === undefined ? startRedis() : shared(url, REDIS);
};
