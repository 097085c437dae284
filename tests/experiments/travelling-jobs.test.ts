import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { JobEngine } from '../../src/cluster/job-engine.js';
import { forecastRecipe } from '../../src/engine/forecast-recipe.js';
import { fragilityChecks } from '../../src/experiments/checks/fragility-checks.js';
import { runChecks } from '../../src/experiments/checks/run-checks.js';
import { EVALUATE_PROBE } from '../../src/experiments/checks/probe-job.js';
import { crossValidate } from '../../src/experiments/cross-validate.js';
import { EVALUATE } from '../../src/experiments/evaluation.js';
import { FIT, type FitTask } from '../../src/experiments/fit.js';
import { CHOOSE_FOLD, JUDGE_WALK } from '../../src/experiments/fold-choice.js';
import { forecastTape, panelOf } from '../../src/experiments/forecasting.js';
import { friction } from '../../src/experiments/friction/friction.js';
import { FRICTION_HANDLER } from '../../src/experiments/friction/friction-outcome.js';
import { pretrain } from '../../src/experiments/pretrain.js';
import type { SamplerConfig } from '../../src/experiments/samplers/sampler-config.js';
import { crossSplit } from '../../src/experiments/splits/cross-split.js';
import { rolling } from '../../src/experiments/splits/rolling.js';
import { sweep } from '../../src/experiments/sweep.js';
import { TRAIN } from '../../src/experiments/train.js';
import { trialScope } from '../../src/experiments/trial-scope.js';
import { walkForward, type WalkForwardSpec } from '../../src/experiments/walk-forward.js';
import { recipeHash } from '../../src/models/recipe.js';
import { trainedHash, type TrainedModel } from '../../src/models/trained-model.js';
import { allRows } from '../../src/models/training-plan.js';
import { trainingSet } from '../../src/models/training-set.js';
import quantEnsemble from '../../src/strategies/builtin/quant-ensemble.js';
import smaCross from '../../src/strategies/builtin/sma-cross.js';
import { DAY, HOUR } from '../../src/time.js';
import { smallMarket } from '../arbitraries/market.js';
import { travellerEngine } from '../fixtures/traveller-engine.js';
import { DAILY, planted, plantedGains, subjectOf } from './checks/planted-edges.js';
import { dailyStrategy, plantedBars, plantedDays, plantedRun } from './friction-market.js';

const { config, instruments, chunks } = smallMarket(7, 24 * 60, 1);
const crossing = { ref: { builtin: 'sma-cross' }, hash: 'builtin:sma-cross', strategy: smaCross };
const objective = { metric: 'sharpe', minimumTrades: 1 };
const folds = rolling({ from: config.from, to: config.to }, { train: '25d', test: '10d' });

const walk = (engine: JobEngine, change: Partial<WalkForwardSpec> = {}) =>
  walkForward({
    runId: 'run-1',
    strategy: crossing,
    config,
    instruments,
    data: { version: 'v1', chunks },
    folds,
    sampler: { kind: 'grid', points: 4 },
    objective,
    engine,
    ...change,
  });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'travel-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a walk-forward whose jobs travel is the one whose jobs stay', () => {
  test.each<readonly [string, SamplerConfig, Partial<WalkForwardSpec>]>([
    ['grid', { kind: 'grid', points: 4 }, { outOfSampleOfAll: true }],
    ['sobol, a plateau, an inner split', { kind: 'sobol', trials: 10 }, { choose: 'plateau', inner: 2 }],
    ['a compromise', { kind: 'random', trials: 8 }, { objective: { ...objective, also: ['maxDrawdown'] } }],
    ['nothing eligible', { kind: 'grid', points: 3 }, { objective: { ...objective, minimumTrades: 1e6 } }],
    ['tpe', { kind: 'tpe', trials: 10 }, {}],
    ['halving', { kind: 'halving', of: { kind: 'random', trials: 9 }, eta: 3, rungs: 2 }, {}],
  ])('by %s, with its ledger and its progress', async (_, sampler, change) => {
    const outcomeOn = async (engine: JobEngine, place: string) => {
      const progress: unknown[] = [];
      const ledger = { folder: join(folder, place), clock: () => 0 };
      const result = await walk(engine, { sampler, ledger, onProgress: now => progress.push(now), ...change });
      const lines = await readFile(join(ledger.folder, 'run-1.ndjson'), 'utf8');
      return { result, progress, lines };
    };
    const traveller = travellerEngine();
    const there = await outcomeOn(traveller, 'there');
    const here = await outcomeOn(inProcessEngine(), 'here');
    expect(there.result.fingerprint).toBe(here.result.fingerprint);
    expect(there).toEqual(here);
    expect(traveller.jobs.get(CHOOSE_FOLD)).toBe(folds.length);
    expect(traveller.jobs.get(JUDGE_WALK)).toBe(1);
  });

  test('and keeps the same files, from which either goes on', async () => {
    const kept = join(folder, 'run');
    const whole = await walk(inProcessEngine(), { folder: kept });
    const names = await readdir(join(kept, 'jobs'));
    const traveller = travellerEngine();
    expect(await walk(traveller, { folder: kept })).toEqual(whole);
    expect(traveller.jobs.get(EVALUATE)).toBeUndefined();
    await walk(traveller, { folder: join(folder, 'other') });
    expect((await readdir(join(folder, 'other', 'jobs'))).sort()).toEqual(names.sort());
    for (const name of names)
      expect(await readFile(join(folder, 'other', 'jobs', name), 'utf8')).toBe(await readFile(join(kept, 'jobs', name), 'utf8'));
  });
});

test('other searches whose jobs travel are those whose jobs stay', async () => {
  const spec = { runId: 'run-1', strategy: crossing, config, instruments, data: { version: 'v1', chunks }, objective };
  const traveller = travellerEngine();
  const swept = (engine: JobEngine) => sweep({ ...spec, engine, sampler: { kind: 'tpe', trials: 16 } });
  expect(await swept(traveller)).toEqual(await swept(inProcessEngine()));
  const split = crossSplit(
    { from: config.from, to: config.to, opens: chunks.find(({ kind }) => kind === 'bars')!.ts },
    { kind: 'combinatorial', groups: 4, testGroups: 2 },
  );
  const validated = (engine: JobEngine) => crossValidate({ ...spec, split, engine, sampler: { kind: 'grid', points: 3 } });
  expect(await validated(traveller)).toEqual(await validated(inProcessEngine()));
});

test('checks whose probes travel are those whose probes stay', async () => {
  const code = planted('travels', DAILY);
  const own = await subjectOf({ file: code, chunks: [plantedGains(30, { mean: 0.003, deviation: 0.002, noise: 0.0005 })] });
  const subject = { ...own, shared: { ...own.shared, bundle: 'a hash' } };
  const results = (engine: JobEngine, checks: ReturnType<typeof fragilityChecks>) =>
    runChecks({
      subject,
      checks,
      engine,
      scope: trialScope({ strategy: 'travels', code: 'a hash', version: 'test', config: subject.shared.config }),
    });
  const traveller = travellerEngine();
  expect(await results(traveller, fragilityChecks())).toEqual(await results(inProcessEngine(), fragilityChecks()));
  expect(traveller.jobs.get(EVALUATE_PROBE)).toBeGreaterThan(40);
});

test('a friction surface whose points travel is the one whose points stay', async () => {
  const shared = plantedRun(dailyStrategy(), [plantedBars(plantedDays(20, { mean: 0.002, deviation: 0.003 }))], {
    fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.0005 },
  });
  const surface = (engine: JobEngine) => friction({ shared, values: { fee: [0, 2, 4], funding: [0, 1] }, engine, samples: 50 });
  const traveller = travellerEngine();
  expect(await surface(traveller)).toEqual(await surface(inProcessEngine()));
  expect(traveller.jobs.get(FRICTION_HANDLER)).toBeGreaterThan(5);
});

/** Does the jobs, and then says that the first of them gave two results. */
const doubtingEngine = (): JobEngine => {
  const engine = inProcessEngine();
  return {
    ...engine,
    run: async (handler, payloads, options = {}) => {
      await engine.run(handler, payloads, options);
      options.onDoubt?.(0);
      throw new Error('two results');
    },
  };
};

test('a point of a friction surface that is in doubt is not kept', async () => {
  const shared = plantedRun(dailyStrategy(), [plantedBars(plantedDays(20, { mean: 0.002, deviation: 0.003 }))]);
  const kept = new Map<string, unknown>();
  let written = 0;
  const store = {
    read: <R>(hash: string) => Promise.resolve(kept.get(hash) as R | undefined),
    write: (hash: string, result: unknown) => Promise.resolve(void (kept.set(hash, result), written++)),
    remove: (hash: string) => Promise.resolve(void kept.delete(hash)),
  };
  const values = { fee: [0, 2, 4] };
  await expect(friction({ shared, values, engine: doubtingEngine(), samples: 50, store })).rejects.toThrow('two results');
  expect(written).toBeGreaterThan(2);
  expect(kept.size).toBe(written - 1);
});

describe('models', () => {
  const market = smallMarket(11, 24 * 50, 2);
  const params = { horizon: 6, edge: 0.05, trees: 10, retrain: 240, history: 600 };
  const recipe = forecastRecipe(quantEnsemble, params, market.config, 'builtin:quant-ensemble')!;
  const shared = {
    strategy: { builtin: 'quant-ensemble' },
    bundle: 'builtin:quant-ensemble',
    params,
    config: market.config,
    chunks: market.chunks,
  };

  test('that are in doubt are not kept', async () => {
    const kept = new Map<string, TrainedModel>();
    const cache = {
      read: (key: string) => Promise.resolve(kept.get(key)),
      write: (key: string, model: TrainedModel) => new Promise<void>(done => setImmediate(() => done(void kept.set(key, model)))),
      remove: (key: string) => Promise.resolve(void kept.delete(key)),
    };
    const trained: TrainedModel[] = [];
    const options = { engine: doubtingEngine(), cache, onTrained: (_: unknown, model: TrainedModel) => trained.push(model) };
    await expect(pretrain(recipe, shared, options)).rejects.toThrow('two results');
    expect(kept.size).toBe(trained.length - 1);
  });

  test('trained elsewhere are those trained here, and so is what they forecast where evaluations take them along', async () => {
    const traveller = travellerEngine();
    const there: TrainedModel[] = [];
    const here: TrainedModel[] = [];
    await pretrain(recipe, shared, { engine: traveller, onTrained: (_, model) => there.push(model) });
    const finished = await pretrain(recipe, shared, { engine: inProcessEngine(), onTrained: (_, model) => here.push(model) });
    expect(traveller.jobs.get(TRAIN)).toBe(here.length);
    expect(here.length).toBeGreaterThan(3);
    expect(there.map(trainedHash)).toEqual(here.map(trainedHash));
    const tapes = { [recipeHash(recipe)]: await forecastTape(recipe, market.config, market.chunks, finished) };
    const forecasting = {
      strategy: { ref: shared.strategy, hash: shared.bundle, strategy: quantEnsemble },
      config: market.config,
      instruments: market.instruments,
      data: { version: 'v1', chunks: market.chunks },
      tapes,
      folds: rolling({ from: market.config.from, to: market.config.to }, { train: '30d', test: '10d' }),
      sampler: { kind: 'list' as const, configurations: [params] },
    };
    const whole = await walk(inProcessEngine(), forecasting);
    expect(whole.stitched.forecasts).not.toBeNull();
    expect(await walk(traveller, forecasting)).toEqual(whole);
  });

  test('fitted beside a session are the same elsewhere', async () => {
    const store = allRows(recipe, panelOf(market.config, market.chunks));
    const task: FitTask = { model: 'logistic', set: trainingSet(store, recipe, market.config.from + 40 * DAY, HOUR), previous: null };
    const { chunks: _, ...session } = shared;
    const fit = (engine: JobEngine) => engine.run(FIT, [task], { shared: session });
    expect(await fit(travellerEngine())).toEqual(await fit(inProcessEngine()));
  });
});

describe('what could not travel', () => {
  test.each([
    ['a place of this machine', { file: '/tmp/bundle.mjs' }, 'places of this machine: .file'],
    ['a function', { of: () => 1 }, 'the value.of is a function'],
    ['an instance of a class', { at: new Date(0) }, 'the value.at is a Date'],
    ['nothing in a list', { list: [undefined] }, 'the value.list[0] is undefined'],
  ])('is refused: %s', async (_, value, reason) => {
    await expect(travellerEngine().run(EVALUATE, [value])).rejects.toThrow(reason);
    await expect(travellerEngine().run(EVALUATE, [{}], { shared: value })).rejects.toThrow(reason);
  });
});
