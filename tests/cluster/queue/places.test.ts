import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REBASE_AFTER } from '../../../src/cluster/queue/fair-share.js';
import { openQueue, type JobQueue } from '../../../src/cluster/queue/job-queue.js';
import { openRecords } from '../../../src/cluster/queue/open-records.js';
import { ownBuild, queueName } from '../../../src/cluster/queue/queue-name.js';
import type { QueueRecords } from '../../../src/cluster/queue/queue-records.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, openPostgres, openRedis, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`places of jobs that wait in ${kind}`, () => {
    let service: SharedService;
    let bench: Bench;
    let records: QueueRecords;
    let queue: JobQueue;
    let stop: AbortController;
    const submitted: Promise<unknown>[] = [];
    const kept = (run: Promise<unknown>): void => {
      run.catch(() => undefined);
      submitted.push(run);
    };
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      stop = new AbortController();
      const place = await service.fresh();
      const name = queueName(ownBuild());
      bench = benchOn(place);
      records = await openRecords(place, name);
      queue = openQueue(place, name, () => undefined);
    });
    afterEach(async () => {
      stop.abort(new Error('enough'));
      await Promise.allSettled(submitted);
      await queue.close();
      await records.close();
      await bench.close();
    });
    const waiting = async () => (await queue.getJobs(['prioritized', 'waiting-children'])).filter(job => job !== undefined);
    const places = async (): Promise<number[]> => (await waiting()).map(job => job.priority).sort((a, b) => a - b);

    test('are counted anew for all that wait, also for others, when priorities come to their end', async () => {
      const [one, other] = [await bench.engine(), await bench.engine({ submitter: 'bob@there' })];
      const leaves = Array.from({ length: 5 }, (_, x) => ({ handler: SAMPLE, payload: { do: 'square', x }, name: `leaf ${x}` }));
      kept(one.flow({ handler: SAMPLE, payload: { do: 'sum' }, name: 'sum', children: leaves }, { signal: stop.signal }));
      await expect.poll(places, { timeout: 5000 }).toEqual([1, 2, 3, 4, 5, 6]);
      await records.begin('another', { worker: 'w', attempt: 'a' }, REBASE_AFTER + 100, true);
      kept(other.run(SAMPLE, [{ do: 'square', x: 77 }], { signal: stop.signal }));
      // As late as the new one, and before it: none is behind what it has to wait for.
      await expect.poll(places, { timeout: 5000 }).toEqual([1, 1, 1, 1, 1, 1, 1]);
    });

    test('are those of whoever wants the job soonest', async () => {
      const [one, other] = [await bench.engine(), await bench.engine({ submitter: 'bob@there' })];
      const work = Array.from({ length: 20 }, (_, x) => ({ do: 'square', x }));
      kept(one.run(SAMPLE, work, { signal: stop.signal, name: i => `job ${i}` }));
      await expect.poll(async () => (await places()).at(-1), { timeout: 5000 }).toBe(20);
      kept(other.run(SAMPLE, work.slice(-2), { signal: stop.signal }));
      const placeOf = async (name: string): Promise<number | undefined> => (await waiting()).find(job => job.name === name)?.priority;
      await expect.poll(() => placeOf('job 19'), { timeout: 5000 }).toBe(2);
      expect([await placeOf('job 18'), await placeOf('job 17')]).toEqual([1, 18]);
    });

    test('are counted from where whoever was first has moved the base', async () => {
      expect(await records.moveBase(0, 7)).toBe(7);
      expect(await records.moveBase(0, 9)).toBe(7);
      expect(await records.moveBase(7, 9)).toBe(9);
    });
  });
}
