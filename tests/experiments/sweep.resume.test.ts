import { mkdtemp, readFile, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { JobEngine } from '../../src/cluster/job-engine.js';
import { piscinaEngine } from '../../src/cluster/piscina.js';
import type { SamplerConfig } from '../../src/experiments/samplers/sampler-config.js';
import { sweep, type SweepResult } from '../../src/experiments/sweep.js';
import { specOf } from './sweep-market.js';

const KINDS: readonly (readonly [string, SamplerConfig])[] = [
  ['random', { kind: 'random', trials: 36 }],
  ['tpe', { kind: 'tpe', trials: 36 }],
  ['nsga2', { kind: 'nsga2', trials: 36, population: 12 }],
  ['halving of tpe', { kind: 'halving', of: { kind: 'tpe', trials: 36 }, eta: 3, rungs: 3 }],
];
const objective = { metric: 'sharpe', also: ['totalReturn'], minimumTrades: 10 };
const threads = piscinaEngine({ workers: 2 });
afterAll(() => threads.close());
const alone = inProcessEngine();

const wholes = new Map<string, Promise<SweepResult>>();
const whole = (name: string, sampler: SamplerConfig): Promise<SweepResult> => {
  let found = wholes.get(name);
  if (found === undefined) wholes.set(name, (found = sweep(specOf({ engine: alone, sampler, objective }))));
  return found;
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Stops a sweep once so many configurations are done; returns how many were. */
const interrupted = async (engine: JobEngine, sampler: SamplerConfig, after: number): Promise<number> => {
  const stop = new AbortController();
  let done = 0;
  const running = sweep(
    specOf({
      engine,
      sampler,
      objective,
      folder: join(folder, 'run'),
      ledger: { folder: join(folder, 'ledger'), clock: () => 0 },
      signal: stop.signal,
      onProgress: progress => {
        done = progress.done;
        if (done >= after) stop.abort(new Error('stop'));
      },
    }),
  );
  await expect(running).rejects.toThrow('stop');
  return done;
};

/** Distinct trials, read without the ledger's own code; a torn line is no trial. */
const distinctTrials = async (): Promise<number> => {
  const hashes = new Set<string>();
  for (const file of await readdir(join(folder, 'ledger')))
    for (const line of (await readFile(join(folder, 'ledger', file), 'utf8')).split('\n')) {
      const [, hash] = /"hash":"([0-9a-f]{64})".*"type":"trial"/.exec(line) ?? [];
      if (hash !== undefined) hashes.add(hash);
    }
  return hashes.size;
};

describe.each(KINDS)('a sweep by %s', (name, sampler) => {
  test('is the same for one worker and for two', async () => {
    expect(await sweep(specOf({ engine: threads, sampler, objective }))).toEqual(await whole(name, sampler));
  });

  test.each([
    [17, 'two workers', threads, alone],
    [30, 'one worker', alone, threads],
  ] as const)(
    'interrupted after %d configurations with %s and resumed with another number is the same',
    async (after, _, first, second) => {
      const expected = await whole(name, sampler);
      const done = await interrupted(first, sampler, after);
      expect(done).toBeGreaterThanOrEqual(after);
      let reused = 0;
      const resumed = await sweep(
        specOf({
          engine: second,
          sampler,
          objective,
          folder: join(folder, 'run'),
          ledger: { folder: join(folder, 'ledger'), clock: () => 1 },
          onProgress: progress => void (reused = progress.reused),
        }),
      );
      // The whole one had no ledger, by which independent trials are told.
      expect(resumed).toEqual({ ...expected, trials: { ...expected.trials, effective: resumed.trials.effective } });
      expect(reused).toBeGreaterThan(0);
      expect(resumed.trials.total).toBe(await distinctTrials());
    },
  );
});

test('a result that a crash cut short is computed again', async () => {
  const [name, sampler] = KINDS[1]!;
  await interrupted(alone, sampler, 24);
  const jobs = (await readdir(join(folder, 'run', 'jobs'))).sort();
  expect(jobs.length).toBeGreaterThan(10);
  for (const file of jobs.slice(0, 5)) await truncate(join(folder, 'run', 'jobs', file), 40);
  const resumed = await sweep(specOf({ engine: alone, sampler, objective, folder: join(folder, 'run') }));
  expect(resumed).toEqual(await whole(name, sampler));
});
