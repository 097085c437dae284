import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { JobEngine } from '../../src/cluster/job-engine.js';
import type { SamplerConfig } from '../../src/experiments/samplers/sampler-config.js';
import { rolling } from '../../src/experiments/splits/rolling.js';
import { walkForward } from '../../src/experiments/walk-forward.js';
import smaCross from '../../src/strategies/builtin/sma-cross.js';
import { smallMarket } from '../arbitraries/market.js';
import { HAS, openPostgres, openRedis, type SharedService } from '../cluster/queue/services.js';
import { benchOn, type Bench } from '../cluster/queue/workers.js';

const { config, instruments, chunks } = smallMarket(7, 24 * 60, 1);
const folds = rolling({ from: config.from, to: config.to }, { train: '25d', test: '10d' });

/** What a walk gives, what it put on record and how far it said it was. */
const walk = async (engine: JobEngine, sampler: SamplerConfig, folder: string) => {
  const seen: [number, number | null][] = [];
  let trained: number | null = null;
  const result = await walkForward({
    runId: 'run-1',
    strategy: { ref: { builtin: 'sma-cross' }, hash: 'builtin:sma-cross', strategy: smaCross },
    config,
    instruments,
    data: { version: 'v1', chunks },
    folds,
    sampler,
    objective: { metric: 'sharpe', minimumTrades: 1 },
    engine,
    ledger: { folder, clock: () => 0 },
    onTrained: some => (trained = some),
    onProgress: ({ done }) => void seen.push([done, trained]),
  });
  const lines = (await readFile(join(folder, 'run-1.ndjson'), 'utf8')).trim().split('\n');
  return { result, lines, last: seen.at(-1), counts: [...new Set(seen.map(([done]) => done))] };
};

for (const kind of ['postgres', 'redis'] as const)
  describe.skipIf(!HAS[kind])(`a walk-forward on a queue in ${kind}`, () => {
    let service: SharedService;
    let bench: Bench;
    let home: string;
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'walk-queue-'));
      service = await { postgres: openPostgres, redis: openRedis }[kind]();
      bench = benchOn(await service.fresh());
      bench.worker();
    });
    afterAll(async () => {
      await bench.close();
      await service.stop();
      await rm(home, { recursive: true, force: true });
    });

    test.each<readonly [string, SamplerConfig]>([
      ['grid', { kind: 'grid', points: 4 }],
      ['tpe', { kind: 'tpe', trials: 10 }],
    ])('by %s is the same as in this thread, to the last figure and trial', async (name, sampler) => {
      const here = await walk(inProcessEngine(), sampler, join(home, `${name}-here`));
      const there = await walk(await bench.engine(), sampler, join(home, `${name}-there`));
      expect(there.result).toEqual(here.result);
      expect(there.last).toEqual(here.last);
      expect(there.counts).toEqual(here.counts);
      // The same lines; which of two trials that run side by side ends first is for the workers to say.
      expect(there.lines.toSorted()).toEqual(here.lines.toSorted());
      const ends = new Set<unknown>();
      for (const line of there.lines.toReversed()) {
        const { type, hash } = JSON.parse(line) as { type: string; hash: string };
        if (type === 'result') ends.add(hash);
        else expect(ends.has(hash)).toBe(true);
      }
    });
  });
