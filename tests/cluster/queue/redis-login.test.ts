import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { inspectQueue } from '../../../src/cluster/queue/inspect-queue.js';
import { closeSoon, openQueue } from '../../../src/cluster/queue/job-queue.js';
import { parseQueueUrl } from '../../../src/cluster/queue/parse-queue-url.js';
import type { QueuePlace } from '../../../src/cluster/queue/queue-place.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, startRedis, type Service } from './services.js';
import { benchOn } from './workers.js';

const looked = async (url: string): Promise<unknown> => {
  try {
    const queue = await inspectQueue(parseQueueUrl(url));
    await queue.close();
    return 'in';
  } catch (error) {
    return error;
  }
};

test('a Redis whose host does not exist is told as that', async () => {
  expect(await looked('redis://nosuch.invalid')).toMatchObject({
    code: 'queue-unreachable',
    message: 'Redis at nosuch.invalid:6379: there is no such host.',
  });
});

test.each(['abc', '1x', '1/2', '-1'])('a database of Redis is not called %s', name => {
  expect(() => parseQueueUrl(`redis://:mysecret@db/${name}`)).toThrow(
    expect.objectContaining({ code: 'bad-queue', exitCode: 2, message: expect.not.stringContaining('mysecret') }),
  );
});

describe.skipIf(!HAS.redis)('Redis (skipped where none is installed)', () => {
  let service: Service;
  let place: QueuePlace;
  let admin: Redis;
  const withPassword = (password: string): string => place.url.replace('redis://', `redis://:${password}@`);
  /** And sends everybody away who is in. */
  const changePassword = async (): Promise<void> => {
    await admin.config('SET', 'requirepass', 'two');
    for (const type of ['normal', 'pubsub'] as const) await admin.client('KILL', 'TYPE', type, 'SKIPME', 'yes');
  };
  beforeAll(async () => {
    service = await startRedis();
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    place = await service.fresh();
    admin = new Redis(place.url);
    await admin.ping();
    await admin.config('SET', 'requirepass', 'one');
    // Who is in stays in.
    await admin.auth('one');
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await admin.config('SET', 'requirepass', '');
    admin.disconnect();
  });

  test('says that it wants a password, that one is wrong, and that it lacks a database', async () => {
    expect(await looked(place.url)).toMatchObject({
      code: 'queue-refused',
      message: `Redis at 127.0.0.1:${service.port} wants a password.`,
    });
    const wrong = await looked(withPassword('mysecret'));
    expect(wrong).toMatchObject({ code: 'queue-refused', message: expect.stringContaining('does not take this password') });
    expect(JSON.stringify(wrong)).not.toContain('mysecret');
    expect(await looked(withPassword('one'))).toBe('in');
    expect(await looked(withPassword('one').replace(/\d+$/, '1000'))).toMatchObject({
      code: 'queue-refused',
      message: expect.stringContaining('has no database of that number'),
    });
  });

  test('a worker that is not let in ends, and does not wait for the password to change', async () => {
    const bench = benchOn(parseQueueUrl(withPassword('mysecret')));
    await expect(bench.worker().ended).rejects.toMatchObject({ code: 'queue-refused' });
  });

  test('that takes another password of a sudden ends the run', async () => {
    const bench = benchOn(parseQueueUrl(withPassword('one')));
    const engine = await bench.engine();
    const run = engine.run(SAMPLE, [{ do: 'square', x: 3 }]);
    run.catch(() => undefined);
    await expect.poll(async () => (await admin.keys('quantai_queue:*')).length, { timeout: 10_000 }).toBeGreaterThan(2);
    await changePassword();
    await expect(run).rejects.toMatchObject({ code: 'queue-refused', message: expect.stringContaining('does not take this password') });
    await bench.close();
  });

  test('that takes another password of a sudden is not asked again and again by a queue that was closed, and nothing is printed', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const queue = openQueue(parseQueueUrl(withPassword('one')), 'q', () => undefined);
    await queue.getCompletedCount();
    const attempts = async (): Promise<number> => Number(/total_connections_received:(\d+)/.exec(await admin.info('stats'))?.[1]);
    const before = await attempts();
    await changePassword();
    await expect.poll(attempts, { timeout: 10_000 }).toBeGreaterThan(before + 2);
    // One question more stands before its goodbye: both wait for a connection that does not come about.
    queue.getCompletedCount().catch(() => undefined);
    await new Promise(resolve => setImmediate(resolve));
    await closeSoon(queue).catch(() => undefined);
    await pause(1500);
    const after = await attempts();
    await pause(2500);
    expect(await attempts()).toBe(after);
    expect(printed).not.toHaveBeenCalled();
  });

  test('that stands still does not keep a run from closing, nor its process from ending', async () => {
    const bench = benchOn(parseQueueUrl(withPassword('one')));
    const engine = await bench.engine();
    const stop = new AbortController();
    const run = engine.run(SAMPLE, [{ do: 'square', x: 3 }], { signal: stop.signal });
    run.catch(() => undefined);
    await expect.poll(async () => (await admin.keys('quantai_queue:*')).length, { timeout: 10_000 }).toBeGreaterThan(2);
    const pid = Number(/process_id:(\d+)/.exec(await admin.info('server'))?.[1]);
    const sockets = (): number => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;
    process.kill(pid, 'SIGSTOP');
    try {
      const begun = performance.now();
      stop.abort(new Error('enough'));
      await bench.close();
      expect(performance.now() - begun).toBeLessThan(25_000);
      // That of the test itself.
      await expect.poll(sockets, { timeout: 5000 }).toBe(1);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });
});
