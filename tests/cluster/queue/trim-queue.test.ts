import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FlowNode } from '../../../src/cluster/job-engine.js';
import { openQueue, type JobQueue } from '../../../src/cluster/queue/job-queue.js';
import { ownBuild, queueName } from '../../../src/cluster/queue/queue-name.js';
import { SHOWN, trimQueue } from '../../../src/cluster/queue/trim-queue.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, openPostgres, openRedis, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

const SLOW = { timeout: 10_000 };

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`jobs that are over in ${kind}`, () => {
    let service: SharedService;
    let bench: Bench;
    let queue: JobQueue;
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      bench = benchOn(await service.fresh());
      queue = openQueue(bench.place, queueName(ownBuild()), () => undefined);
      bench.worker({ threads: 1 });
    });
    afterEach(async () => {
      await queue.close();
      await bench.close();
    });
    const square = (x: number) => ({ do: 'square', x });
    const leaf = (payload: object): FlowNode => ({ handler: SAMPLE, payload, name: 'a leaf' });
    const completed = (): Promise<number> => queue.getCompletedCount();

    test('are taken away beyond a number, the oldest first, and their results stay', async () => {
      const engine = await bench.engine();
      for (let x = 0; x < 6; x++) await engine.run(SAMPLE, [square(x)]);
      await expect.poll(completed, SLOW).toBe(6);
      await trimQueue(queue);
      expect(await completed()).toBe(6);
      await trimQueue(queue, { ...SHOWN, count: 2 });
      const left = (await queue.getJobs(['completed'])).map(job => job!.data.payload);
      expect(left.map(text => (JSON.parse(text) as { payload: { x: number } }).payload.x).sort()).toEqual([4, 5]);
      expect(await engine.run(SAMPLE, [0, 1, 2, 3, 4, 5].map(square))).toEqual([0, 1, 4, 9, 16, 25]);
      expect(await completed()).toBe(2);
    });

    test('are taken away after a time, while others wait for what they made', async () => {
      const engine = await bench.engine();
      const root: FlowNode = {
        handler: SAMPLE,
        payload: { do: 'sum' },
        name: 'a sum',
        children: [leaf(square(2)), leaf(square(3)), leaf({ do: 'wait', ms: 3000, x: 1 })],
      };
      const call = engine.flow(root);
      await expect.poll(completed, SLOW).toBe(2);
      await trimQueue(queue, { ...SHOWN, ms: 0 });
      expect(await queue.getJobCounts('completed', 'active', 'waiting-children')).toEqual({
        completed: 0,
        active: 1,
        'waiting-children': 1,
      });
      expect(await call).toBe(14);
    });
  });
}
