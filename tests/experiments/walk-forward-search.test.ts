import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flowOver } from '../../src/cluster/flow.js';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { JobEngine } from '../../src/cluster/job-engine.js';
import { piscinaEngine } from '../../src/cluster/piscina.js';
import { countTrials } from '../../src/experiments/count-trials.js';
import type { EvaluationJob } from '../../src/experiments/evaluation.js';
import type { SamplerConfig } from '../../src/experiments/samplers/sampler-config.js';
import { rolling } from '../../src/experiments/splits/rolling.js';
import { walkForward } from '../../src/experiments/walk-forward.js';
import type { WalkForwardSpec } from '../../src/experiments/walk-forward.js';
import { float } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { DAY } from '../../src/time.js';
import { fakeConfig, fakeMarket, HANDLER, START } from './fake-market.js';

const DAYS = 90;
const RIGHT = 4.2;
const market = (rightOn: (day: number) => number) => fakeMarket(DAYS, rightOn, 'a market');

const config = fakeConfig(DAYS);
const strategy = defineStrategy({ name: 'fake', params: { k: float(1, 10, { default: 5 }) }, decide: () => [] });
const folds = rolling({ from: START, to: START + DAYS * DAY }, { train: '36d', test: '18d' });
const chunks = [market(() => RIGHT)];

const spec = (sampler: SamplerConfig, change: Partial<WalkForwardSpec> = {}): WalkForwardSpec => ({
  runId: 'run-1',
  strategy: { ref: { builtin: 'fake' }, hash: 'builtin:fake', strategy },
  config,
  instruments: [],
  data: { version: 'v1', chunks },
  folds,
  sampler,
  objective: { metric: 'sharpe', minimumTrades: 0 },
  engine: inProcessEngine(),
  handler: HANDLER,
  ...change,
});

const tpe = { kind: 'tpe' as const, trials: 16 };
const halving = { kind: 'halving' as const, of: { kind: 'random' as const, trials: 18 }, eta: 3, rungs: 3 };
const learning = { kind: 'halving' as const, of: tpe, eta: 3, rungs: 2 };

/** Keeps the jobs that reach the engine. */
const watched = (engine: JobEngine): JobEngine & { readonly jobs: EvaluationJob[] } => {
  const jobs: EvaluationJob[] = [];
  const run: JobEngine['run'] = (handler, payloads, options) =>
    engine.run(handler, payloads, {
      ...options,
      onResult: (index, result) => {
        if (handler === HANDLER) jobs.push(payloads[index] as EvaluationJob);
        options?.onResult?.(index, result);
      },
    });
  return { ...engine, jobs, run, flow: flowOver(run) };
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'walk-search-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const workers = piscinaEngine({ workers: 2 });
afterAll(() => workers.close());

describe('a walk-forward finds what is there to be found', () => {
  const trials = 24;
  test.each<SamplerConfig>([
    { kind: 'grid', points: 19 },
    { kind: 'random', trials },
    { kind: 'sobol', trials },
    { kind: 'latin-hypercube', trials },
    { kind: 'tpe', trials },
    { kind: 'cma-es', trials },
    { kind: 'bayesian', trials: 12, batch: 4 },
    { kind: 'nsga2', trials, population: 8 },
    { kind: 'halving', of: { kind: 'sobol', trials }, eta: 3, rungs: 3 },
  ])('by $kind', async sampler => {
    const result = await walkForward(spec(sampler));
    expect(result.folds).toHaveLength(3);
    for (const { params } of result.folds) expect(Math.abs(Number(params!['k']) - RIGHT)).toBeLessThan(1.2);
    expect(result.stitched.finalEquity).toBeGreaterThan(10_000);
  });

  test('and by the plateau, whose middle is no further off than a step of the grid', async () => {
    const result = await walkForward(spec({ kind: 'grid', points: 19 }, { choose: 'plateau' }));
    for (const { params } of result.folds) expect(Math.abs(Number(params!['k']) - RIGHT)).toBeLessThan(1);
  });
});

describe('a search that learns, or halves', () => {
  test.each<readonly [string, SamplerConfig, number]>([
    ['tpe', tpe, 5],
    ['halving', halving, 30],
    ['halving of tpe', learning, 5],
    ['nsga2', { kind: 'nsga2', trials: 16, population: 8 }, 30],
  ])('gives the same on workers, and interrupted in the middle of a round: %s', async (_, sampler, at) => {
    const wanted = sampler.kind === 'nsga2' ? { objective: { metric: 'sharpe', also: ['totalReturn'], minimumTrades: 0 } } : {};
    const whole = await walkForward(spec(sampler, wanted));
    expect(await walkForward(spec(sampler, { ...wanted, engine: workers }))).toEqual(whole);
    const run = join(folder, 'run');
    const ledger = { folder: join(run, 'ledger'), clock: () => 0 };
    const controller = new AbortController();
    const first = watched(inProcessEngine());
    const interrupted = walkForward(
      spec(sampler, {
        ...wanted,
        engine: first,
        folder: run,
        ledger,
        signal: controller.signal,
        onProgress: ({ done }) => {
          if (done >= at) controller.abort(new Error('ctrl-c'));
        },
      }),
    );
    await expect(interrupted).rejects.toThrow('ctrl-c');
    const second = watched(workers);
    const { trials, ...resumed } = await walkForward(spec(sampler, { ...wanted, engine: second, folder: run, ledger }));
    const { trials: counted, ...same } = whole;
    expect(resumed).toEqual(same);
    expect(trials).toMatchObject({ run: counted.run, total: counted.run, unsettled: 0 });
    const once = new Set([...first.jobs, ...second.jobs].map(job => JSON.stringify(job)));
    expect(once.size).toBe(first.jobs.length + second.jobs.length);
  });

  test('counts what it looked at on a part of the window, and chooses among what it saw in full', async () => {
    const engine = watched(inProcessEngine());
    const ledger = { folder: join(folder, 'ledger'), clock: () => 0 };
    const result = await walkForward(spec(halving, { engine, ledger, objective: { metric: 'sharpe', minimumTrades: 90 } }));
    // 18 on the last ninth (4 days), 6 on the last third (12 days), 2 on all 36 days; then the tests.
    const seen = engine.jobs.filter(({ keep }) => keep === 'returns');
    const lengths = new Map<number, number>();
    for (const { window, configurations } of seen) {
      const length = (window.to - window.from) / DAY;
      expect(folds.some(({ train }) => train.to === window.to)).toBe(true);
      lengths.set(length, (lengths.get(length) ?? 0) + configurations.length);
    }
    expect([...lengths]).toEqual([
      [4, 3 * 18],
      [12, 3 * 6],
      [36, 3 * 2],
    ]);
    expect(result.folds.map(({ candidates }) => candidates.length)).toEqual([2, 2, 2]);
    // A window of 4 days needs a ninth of the trades: 10, which every k up to 9.6 makes.
    for (const { params } of result.folds) expect(Math.abs(Number(params!['k']) - RIGHT)).toBeLessThan(1.2);
    expect(result.trials.run).toBe(3 * (18 + 6 + 2) + 3);
    expect(result.trials.total).toBe(result.trials.run);
    expect(await countTrials(ledger.folder)).toMatchObject({ distinct: 81, unsettled: 0 });
    // Ratios of 4 days say nothing, and do not widen what luck can do.
    expect(result.trials.sharpes).toHaveLength(3 * (6 + 2));
  });

  test('does not take the jobs of a plain search for those of an inner split', async () => {
    await walkForward(spec({ kind: 'grid', points: 4 }, { folder }));
    const again = watched(inProcessEngine());
    await walkForward(spec({ kind: 'grid', points: 4 }, { folder, engine: again, inner: 3 }));
    const training = again.jobs.filter(({ keep }) => keep === 'returns');
    expect(training).toHaveLength(3 * 4);
    expect(training.every(({ spans, window }) => spans?.length === 3 && spans[0]!.from === window.from && spans[2]!.to === window.to)).toBe(
      true,
    );
  });

  test('is judged on the last fold where folds tried different configurations, and on all days where they tried the same', async () => {
    const turning = market(day => (day < 40 ? 2 : 9));
    const learnt = await walkForward(spec(tpe, { data: { version: 'v2', chunks: [turning] } }));
    expect(learnt.search.over).toContain('the last fold');
    expect(learnt.search).toMatchObject({ configurations: 16, observations: 36 });
    const listed = await walkForward(spec({ kind: 'sobol', trials: 16 }));
    expect(listed.search.over).toBe('the 3 training windows joined, 72 returns');
    expect(listed.search).toMatchObject({ configurations: 16, observations: 72 });
    expect(listed.search.realityCheck.value!).toBeLessThan(0.05);
    expect(Math.abs(Number(listed.search.best!.params['k']) - RIGHT)).toBeLessThan(1.2);
  });
});
