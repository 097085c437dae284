import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { inspectQueue } from '../../../src/cluster/queue/inspect-queue.js';
import { HAS, openPostgres, openRedis, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`a worker's clock and that of ${kind}`, () => {
    let service: SharedService;
    let bench: Bench;
    const clock = Date.now.bind(Date);
    const putOff = (ms: number): void => void vi.spyOn(Date, 'now').mockImplementation(() => clock() + ms);
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      bench = benchOn(await service.fresh());
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      await bench.close().catch(() => undefined);
    });
    const workers = async (): Promise<number> => {
      const queue = await inspectQueue(bench.place);
      const { length } = await queue.workers();
      await queue.close();
      return length;
    };

    test.each([
      [86_400_000, 'ahead of'],
      [-5_000, 'behind'],
    ])('that differ by %d ms keep it from serving', async (ms, words) => {
      putOff(ms);
      const refused = await bench.worker().ended.catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'wrong-clock', message: expect.stringContaining(words) as string });
      expect(await workers()).toBe(0);
    });

    test('that differ a little do not, and that drift apart end it', async () => {
      putOff(1000);
      const worker = bench.worker({ graceMs: 100 });
      await expect.poll(workers, { timeout: 5000 }).toBe(1);
      putOff(60_000);
      await expect(worker.ended).rejects.toMatchObject({ code: 'wrong-clock' });
      expect(await workers()).toBe(0);
    });
  });
}
