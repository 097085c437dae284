import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { SAMPLE } from '../../contracts/job-engine.js';
import { HAS, openPostgres, openRedis, type SharedService } from './services.js';
import { benchOn, type Bench } from './workers.js';

const adding = vi.hoisted(() => ({ tried: 0, swallowed: 0 }));

vi.mock(import('../../../src/cluster/queue/job-queue.js'), async original => {
  const { openFlows, ...more } = await original();
  return {
    ...more,
    openFlows: place => {
      const flows = openFlows(place);
      // BullMQ says nothing of a tree that the database did not take.
      return { ...flows, add: async roots => (adding.tried++ < adding.swallowed ? undefined : flows.add(roots)) };
    },
  };
});

for (const kind of ['postgres', 'redis'] as const) {
  const start = { postgres: openPostgres, redis: openRedis }[kind];
  describe.skipIf(!HAS[kind])(`a tree that did not come into ${kind}`, () => {
    let service: SharedService;
    let bench: Bench;
    beforeAll(async () => {
      service = await start();
    });
    afterAll(() => service.stop());
    beforeEach(async () => {
      bench = benchOn(await service.fresh());
      bench.worker();
    });
    afterEach(() => bench.close());

    test.each([
      ['is added again', 1, 2],
      ['is added job by job when that is in vain', Infinity, 3],
    ])('%s', async (_what, swallowed, tries) => {
      Object.assign(adding, { tried: 0, swallowed });
      const engine = await bench.engine();
      const children = Array.from({ length: 5 }, (_, x) => ({ handler: SAMPLE, payload: { do: 'square', x }, name: `leaf ${x}` }));
      expect(await engine.flow({ handler: SAMPLE, payload: { do: 'sum' }, name: 'sum', children })).toBe(30);
      expect(adding.tried).toBe(tries);
    });
  });
}
