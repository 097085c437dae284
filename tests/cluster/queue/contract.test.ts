import { afterAll, beforeAll, describe } from 'vitest';
import type { JobEngine } from '../../../src/cluster/job-engine.js';
import { jobEngineContract } from '../../contracts/job-engine.js';
import { HAS, openPostgres, openRedis, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`a queue in ${kind}`, () => {
    let service: SharedService;
    let bench: Bench;
    beforeAll(async () => {
      service = await start();
      bench = benchOn(await service.fresh());
      bench.worker();
    });
    afterAll(async () => {
      await bench.close();
      await service.stop();
    });
    jobEngineContract(`bullmq on ${kind}`, async (): Promise<JobEngine> => bench.engine());
  });
}
