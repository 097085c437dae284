import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { persevere } from '../../../src/cluster/queue/persevere.js';
import { inspectQueue } from '../../../src/cluster/queue/inspect-queue.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, startRedis, type Service } from './services.js';
import { benchOn } from './workers.js';

describe.skipIf(!HAS.redis)('a worker that is told to end while Redis is away', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startRedis();
  });
  afterAll(() => service.stop());

  test('ends, and does not come back when Redis does', async () => {
    const bench = benchOn(await service.fresh());
    const worker = bench.worker({ graceMs: 100 });
    const engine = await bench.engine();
    const run = engine.run(SAMPLE, [{ do: 'wait', ms: 400, x: 1 }]);
    run.catch(() => undefined);
    const queue = await inspectQueue(bench.place);
    await expect.poll(async () => (await queue.counts())['active'], { timeout: 5000 }).toBe(1);
    await queue.close();
    await service.kill();
    // The job is done, and its outcome finds nobody.
    await Promise.all([worker.stop(), engine.close()]);
    // Whoever still tries to connect is one that would keep a process.
    let tried = 0;
    const door = createServer(socket => {
      tried++;
      socket.destroy();
    });
    await new Promise<void>(resolve => door.listen(service.port, '127.0.0.1', resolve));
    await pause(1500);
    door.close();
    expect(tried).toBe(0);
    await service.start();
    await bench.close();
  });
});

test('what perseveres ends with its signal', async () => {
  const over = new AbortController();
  const away = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
  const waiting = persevere(away, { signal: over.signal });
  setTimeout(() => over.abort(), 100);
  await expect(waiting).rejects.toThrow();
});
