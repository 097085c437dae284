import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../../src/cluster/in-process.js';
import { openLake } from '../../../src/cluster/lake/open-lake.js';
import { serveLake, type LakeServer } from '../../../src/cluster/lake/serve-lake.js';
import { queueEngine } from '../../../src/cluster/queue/queue-engine.js';
import { startWorker } from '../../../src/cluster/queue/queue-worker.js';
import { walkForward } from '../../../src/experiments/walk-forward.js';
import smaCross from '../../../src/strategies/builtin/sma-cross.js';
import { HAS, openPostgres, type SharedService } from '../queue/services.js';
import { crossingWalk } from './crossing-walk.js';
import { temporaryFolders } from './temporary.js';

const fresh = temporaryFolders();

/** What scripts/three-machines.mjs does with namespaces, small: machines are folders. */
describe.skipIf(!HAS.postgres || !existsSync('dist/cluster/worker-entry.cjs'))('workers with empty disks', () => {
  let database: SharedService;
  let server: LakeServer;
  const before = process.env['QUANTAI_LAKE_TOKEN'];
  beforeAll(async () => {
    database = await openPostgres();
    process.env['QUANTAI_LAKE_TOKEN'] = 'a token of this test';
  });
  afterAll(async () => {
    await database.stop();
    if (before === undefined) delete process.env['QUANTAI_LAKE_TOKEN'];
    else process.env['QUANTAI_LAKE_TOKEN'] = before;
  });

  test('fetch what their jobs share over HTTP, each part once, and give the fingerprint of one process', async () => {
    const reads = new Map<string, number>();
    server = await serveLake({
      folder: fresh(),
      host: '127.0.0.1',
      port: 0,
      token: process.env['QUANTAI_LAKE_TOKEN'],
      onAnswer: ({ method, path, status }) => {
        if (method === 'GET' && status === 200) reads.set(path, (reads.get(path) ?? 0) + 1);
      },
    });
    const place = await database.fresh();
    const ending = new AbortController();
    const folders = [fresh(), fresh()];
    const workers = folders.map((cache, i) =>
      startWorker({ place, cache, threads: 1, name: `machine-${i}`, graceMs: 1_000, signal: ending.signal, log: () => undefined }),
    );
    const engine = await queueEngine({ place, lake: openLake(server.url), submitter: 'ada@here', run: 'test' });
    try {
      const walk = crossingWalk({ ref: { builtin: 'sma-cross' }, hash: 'builtin:sma-cross', strategy: smaCross }, 4);
      const there = await walkForward({ ...walk, engine });
      const here = await walkForward({ ...walk, engine: inProcessEngine() });
      expect(there.fingerprint).toBe(here.fingerprint);
      // A machine that came late may have had nothing left to do; none fetched a part twice.
      const caches = folders.filter(folder => existsSync(join(folder, 'parts')));
      expect(caches.length).toBeGreaterThan(0);
      expect(reads.size).toBeGreaterThan(3);
      expect(Math.max(...reads.values())).toBeLessThanOrEqual(caches.length);
      for (const cache of caches)
        expect(readdirSync(join(cache, 'parts'), { recursive: true }).filter(name => /\.(part|lock|tmp)$/.test(String(name)))).toEqual([]);
    } finally {
      await engine.close();
      ending.abort();
      await Promise.all(workers.map(({ ended }) => ended));
      await server.close();
    }
  });
});
