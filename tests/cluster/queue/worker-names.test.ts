import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRecords } from '../../../src/cluster/queue/open-records.js';
import { ALIVE_MS } from '../../../src/cluster/queue/record-times.js';
import { ownBuild, queueName } from '../../../src/cluster/queue/queue-name.js';
import type { QueueRecords, WorkerRecord } from '../../../src/cluster/queue/queue-records.js';
import { HAS, openPostgres, openRedis, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

const TAKEN = { code: 'worker-name-taken', message: expect.stringContaining('A worker called w1 serves the queue already') as string };

/** A process of this machine that is no more. */
const deadProcess = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', '0']);
  await new Promise(resolve => child.once('exit', resolve));
  return child.pid!;
};

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`names of workers in ${kind}`, () => {
    let service: SharedService;
    let bench: Bench;
    let records: QueueRecords;
    let signs: NodeJS.Timeout | undefined;
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      bench = benchOn(await service.fresh());
      records = await openRecords(bench.place, queueName(ownBuild()));
    });
    afterEach(async () => {
      clearInterval(signs);
      await bench.close().catch(() => undefined);
      await records.close();
    });
    const record = (more: Partial<WorkerRecord> = {}): WorkerRecord => ({
      ...ownBuild(),
      name: 'w1',
      host: hostname(),
      pid: 1,
      threads: 1,
      busy: 0,
      done: 3,
      ...more,
    });
    /** Another worker that lives until the test ends. */
    const living = async (more: Partial<WorkerRecord>): Promise<WorkerRecord> => {
      const other = record(more);
      await records.beat(other);
      signs = setInterval(() => void records.beat(other), 500);
      return other;
    };
    const pids = async (): Promise<number[]> => (await records.workers()).map(({ pid }) => pid);

    test.each([{ host: 'elsewhere', pid: process.pid }, { pid: process.ppid }])(
      'one that lives keeps its name from another: %o',
      { timeout: 20_000 },
      async more => {
        const other = await living(more);
        await expect(bench.worker({ name: 'w1' }).ended).rejects.toMatchObject(TAKEN);
        expect(await records.workers()).toMatchObject([{ ...other, alive: true }]);
      },
    );

    test('one that was killed leaves its name to the next on its machine at once, and what it had begun counts as lost', async () => {
      await records.beat(record({ pid: await deadProcess() }));
      await records.begin('a job', { worker: 'w1', attempt: '1' }, 0, true);
      bench.worker({ name: 'w1' });
      // Sooner than a record that nobody renews would be taken for old.
      await expect.poll(pids, { timeout: ALIVE_MS - 1000 }).toEqual([process.pid]);
      expect((await records.begin('a job', { worker: 'w1', attempt: '2' }, 0, true)).deaths).toMatchObject([{ worker: 'w1' }]);
      // Its own attempt is none.
      expect((await records.begin('a job', { worker: 'w2', attempt: '3' }, 0, true)).deaths).toHaveLength(1);
    });

    test('one of another machine that is heard no more leaves its name in the end', { timeout: 20_000 }, async () => {
      await records.beat(record({ host: 'elsewhere' }));
      bench.worker({ name: 'w1' });
      await expect.poll(pids, { timeout: 12_000 }).toEqual([process.pid]);
      expect(await records.workers()).toHaveLength(1);
    });

    test('one whose name was taken ends, and leaves the record to who has it', async () => {
      const worker = bench.worker({ name: 'w1', graceMs: 100 });
      await expect.poll(pids, { timeout: 10_000 }).toEqual([process.pid]);
      const other = record({ host: 'elsewhere', pid: 77 });
      expect((await records.beat(other)).holder).toMatchObject({ pid: process.pid });
      await records.beat(other, { host: hostname(), pid: process.pid });
      await expect(worker.ended).rejects.toMatchObject(TAKEN);
      expect(await pids()).toEqual([77]);
    });
  });
}
