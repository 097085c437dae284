import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRecords } from '../../../src/cluster/queue/open-records.js';
import { poisonError } from '../../../src/cluster/queue/queue-engine.js';
import { ownBuild, queueName } from '../../../src/cluster/queue/queue-name.js';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, startPostgres, startRedis, type Service } from './services.js';
import { benchOn, type Bench } from './workers.js';

const ID = '3f9a12cd77e0'.padEnd(64, '0');
const at = 1_790_000_000_000;

describe('a job that takes workers with it', () => {
  test('is said to have ended threads where the worker lives on, and what to do about memory', () => {
    const seen = 'its thread ended: Worker terminated due to reaching memory limit: JS heap out of memory';
    const error = poisonError('fold 1', ID, { deaths: [1, 2, 3].map(() => ({ worker: 'w2', at, seen })) });
    expect(error.message).toBe(`fold 1: job 3f9a12cd77e0 took 3 threads with it and is not begun again: w2, 3 times (${seen}).`);
    expect(error.fix).toMatch(/--max-old-space-size.*--threads.*quantai jobs release 3f9a12cd77e0/);
  });

  test('is said to have taken workers where these are gone', () => {
    const seen = 'the worker is gone';
    const deaths = [
      { worker: 'w1', at, seen },
      { worker: 'w2', at, seen },
      { worker: 'w2', at, seen: 'its thread ended: worker exited with code 7' },
    ];
    const error = poisonError('fold 1', ID, { deaths });
    expect(error.message).toContain(
      'took 2 workers and 1 thread with it and is not begun again: w1 (the worker is gone); w2 (the worker is gone); w2 (its thread ended: worker exited with code 7).',
    );
    expect(error.fix).toContain('See it with quantai jobs quarantine');
  });
});

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: startPostgres, redis: startRedis }[kind];
  describe.skipIf(!HAS[kind])(`what is told over ${kind}`, () => {
    let service: Service;
    let bench: Bench;
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      bench = benchOn(await service.fresh());
    });
    afterEach(() => bench.close());

    test('who submits hears of workers of another build', async () => {
      const other = { ...ownBuild(), code: '5bb8e5da922c'.padEnd(64, '0') };
      const records = await openRecords(bench.place, queueName(other));
      await records.beat({ ...other, name: 'w9', host: 'bob', pid: 1, threads: 1, busy: 0, done: 0 });
      await bench.engine();
      expect(bench.log.join('\n')).toMatch(
        /No worker of the same build .* at the moment\. 1 worker serves quantai-trad@\S+ for \S+, build 5bb8e5da922c: install the same there or here\. The jobs wait/,
      );
      await records.close();
    });

    test('worker and command say once that the database is away, and once that it is back', { timeout: 40_000 }, async () => {
      bench.worker({ threads: 1 });
      const engine = await bench.engine();
      const run = engine.run<object, number>(
        SAMPLE,
        Array.from({ length: 40 }, (_, x) => ({ do: 'wait', ms: 250, x })),
      );
      await pause(1500);
      await service.kill();
      await pause(2500);
      await service.start();
      await run;
      await expect
        .poll(() => bench.log.filter(line => line.startsWith('info') && line.includes('answers again')).length, { timeout: 10_000 })
        .toBe(1);
      const lines = bench.log.filter(line => line.includes('does not answer') || line.includes('answers again'));
      const of = (isWorker: boolean): string[] => lines.filter(line => /^(info|warn) /.test(line) === isWorker);
      for (const isWorker of [true, false]) {
        expect(of(isWorker)).toHaveLength(2);
        expect(of(isWorker)[0]).toContain('does not answer; trying again');
        expect(of(isWorker)[1]).toMatch(/answers again after [2-9] s\.?$/);
      }
    });
  });
}
