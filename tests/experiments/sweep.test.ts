import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { EvaluationJob } from '../../src/experiments/evaluation.js';
import { lastShare } from '../../src/experiments/last-share.js';
import { paretoFront } from '../../src/experiments/pareto-front.js';
import type { SamplerConfig } from '../../src/experiments/samplers/sampler-config.js';
import { sweep, type SweepSpec } from '../../src/experiments/sweep.js';
import { inSample } from '../../src/experiments/sweep-sample.js';
import { random } from '../../src/random.js';
import { choice, float } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { DAY, HOUR } from '../../src/time.js';
import { DAYS, START } from './fake-market.js';
import { config, specOf, surfaceEngine, type Surface } from './sweep-market.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Different hashes of trial lines, read without the ledger's own code. */
const distinctTrials = async (ledger: string): Promise<number> => {
  const hashes = new Set<string>();
  for (const file of await readdir(ledger))
    for (const line of (await readFile(join(ledger, file), 'utf8')).split('\n')) {
      if (line === '') continue;
      const { type, hash } = JSON.parse(line) as { type: string; hash: string };
      if (type === 'trial') hashes.add(hash);
    }
  return hashes.size;
};

const KINDS: readonly SamplerConfig[] = [
  { kind: 'grid', points: 7 },
  { kind: 'random', trials: 60 },
  { kind: 'sobol', trials: 60 },
  { kind: 'latin-hypercube', trials: 60 },
  { kind: 'tpe', trials: 60 },
  { kind: 'cma-es', trials: 60 },
  { kind: 'bayesian', trials: 24, batch: 4 },
  { kind: 'nsga2', trials: 60, population: 12 },
  { kind: 'halving', of: { kind: 'random', trials: 90 }, eta: 3, rungs: 3 },
];

describe('a sweep over one history', () => {
  test.each(KINDS)('finds the parameter that pays and ranks what it tried: $kind', async sampler => {
    const ledger = join(folder, 'ledger');
    const result = await sweep(specOf({ engine: inProcessEngine(), sampler, ledger: { folder: ledger, clock: () => 0 } }));
    const { configurations, ranking, peak, trials, rungs } = result;
    // The mean distance to 3 (50 days), 6 (30) and 9 (40) is least for 6.
    const best = configurations[peak!.index]!;
    expect(Math.abs((best.params['k'] as number) - 6)).toBeLessThan(sampler.kind === 'halving' ? 3.1 : 1);
    expect(ranking[0]).toBe(peak!.index);
    const scores = ranking.map(i => configurations[i]!.score!);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(best.score).toBe(Math.max(...configurations.map(({ metrics }) => metrics['sharpe']!)));
    expect(rungs.at(-1)).toEqual({ share: 1, configurations: configurations.length });
    expect(trials.run).toBe(rungs.reduce((n, rung) => n + rung.configurations, 0));
    expect(trials.total).toBe(await distinctTrials(ledger));
    if (configurations.length >= 12 && sampler.kind !== 'halving') {
      const share = (name: string): number =>
        result.importance!.effects.find(({ names }) => names.length === 1 && names[0] === name)!.share;
      expect(share('k')).toBeGreaterThan(2 * share('idle'));
    }
  });

  test('leaves named parameters at their value and searches the rest', async () => {
    const { configurations, space } = await sweep(
      specOf({ engine: inProcessEngine(), fixed: { idle: 0.25 }, sampler: { kind: 'grid', points: 10 } }),
    );
    expect(Object.keys(space)).toEqual(['k']);
    expect(configurations.map(({ params }) => params)).toEqual(Array.from({ length: 10 }, (_, i) => ({ k: 1 + i, idle: 0.25 })));
  });

  test('evaluates each configuration over the whole window', async () => {
    const engine = surfaceEngine((_, days) => ({ returns: Float64Array.from({ length: days }, (__, i) => (i % 3) / 100) }));
    await sweep(specOf({ engine, sampler: { kind: 'grid', points: 3 } }));
    expect(engine.jobs.every(({ window }) => window.from === START && window.to === START + DAYS * DAY)).toBe(true);
  });

  test('does not rank a configuration with too few trades, and has no best where none has enough', async () => {
    const surface: Surface = ({ k }, days) => ({
      returns: Float64Array.from({ length: days }, (_, i) => 0.001 * (k as number) + 0.01 * Math.exp(-(i % 5))),
      metrics: { trades: (k as number) > 7 ? 3 : 40 },
    });
    const few = await sweep(specOf({ engine: surfaceEngine(surface), sampler: { kind: 'grid', points: 10 }, fixed: { idle: 0 } }));
    expect(few.configurations[few.peak!.index]!.params['k']).toBe(7);
    expect(few.ranking).toHaveLength(7);
    const none = await sweep(
      specOf({ engine: surfaceEngine(surface), sampler: { kind: 'grid', points: 10 }, objective: { metric: 'sharpe', minimumTrades: 50 } }),
    );
    expect(none).toMatchObject({ peak: null, plateau: null, ranking: [], importance: null });
  });

  test.each<readonly [Partial<SweepSpec>, string]>([
    [{ fixed: { k: 3, idle: 0 } }, 'nothing-to-search'],
    [{ sampler: { kind: 'list', configurations: [{}] } as const }, 'nothing-to-search'],
    [{ objective: { metric: 'sharp', minimumTrades: 0 } }, 'unknown-metric'],
    [{ objective: { metric: 'sharpe', also: ['drawdown'], minimumTrades: 0 } }, 'unknown-metric'],
    [{ fixed: { q: 3 } }, 'unknown-parameter'],
    [{ config: { ...config, from: config.to, to: config.to + DAY } }, 'no-bars'],
  ])('refuses %j', async (change, code) => {
    await expect(sweep(specOf({ engine: inProcessEngine(), ...change }))).rejects.toMatchObject({ code });
  });
});

describe('the recommendation of a sweep', () => {
  /** A hill about (0.3, 0.6), and one point far from it where luck put a spike. */
  const planted = defineStrategy({
    name: 'planted',
    params: { a: float(0, 1, { default: 0.5 }), b: float(0, 1, { default: 0.5 }), c: choice(['x', 'y']) },
    decide: () => [],
  });
  const SPIKE = { a: 1, b: 0, c: 'x' };
  const surface: Surface = ({ a, b, c }, days) => {
    const [da, db] = [(a as number) - 0.3, (b as number) - 0.6];
    const isSpike = a === SPIKE.a && b === SPIKE.b && c === SPIKE.c;
    const mean = isSpike ? 0.004 : 0.002 * Math.exp(-8 * (da * da + db * db));
    const draw = random(`${String(a)} ${String(b)} ${String(c)}`);
    return { returns: Float64Array.from({ length: days }, () => mean + 0.01 * draw.normal()) };
  };

  test('is the middle of the plateau and names the spike as the peak', async () => {
    const exact: Surface = (params, days) => {
      // Without noise, so that where the hill is cannot be a matter of luck.
      const { a, b, c } = params;
      const [da, db] = [(a as number) - 0.3, (b as number) - 0.6];
      const isSpike = a === SPIKE.a && b === SPIKE.b && c === SPIKE.c;
      const mean = isSpike ? 0.004 : 0.002 * Math.exp(-8 * (da * da + db * db));
      return { returns: Float64Array.from({ length: days }, (_, i) => mean + (i % 2 === 0 ? 0.01 : -0.01)) };
    };
    const { configurations, peak, plateau } = await sweep(
      specOf({
        engine: surfaceEngine(exact),
        strategy: { ref: { builtin: 'planted' }, hash: 'builtin:planted', strategy: planted },
        sampler: { kind: 'grid', points: 11 },
      }),
    );
    expect(configurations[peak!.index]!.params).toEqual(SPIKE);
    const { a, b } = configurations[plateau!.index]!.params;
    expect(Math.abs((a as number) - 0.3)).toBeLessThanOrEqual(0.1001);
    expect(Math.abs((b as number) - 0.6)).toBeLessThanOrEqual(0.1001);
    expect(plateau!.peakLevel!).toBeLessThan(plateau!.level);
    expect(plateau!.neighbours).toBeGreaterThanOrEqual(5);
  });

  test('on a part of the returns is the recommendation on all of them, and what was left out is said', async () => {
    const at = (returnsOf: number) =>
      sweep(
        specOf({
          engine: surfaceEngine(surface),
          strategy: { ref: { builtin: 'planted' }, hash: 'builtin:planted', strategy: planted },
          sampler: { kind: 'grid', points: 11 },
          returnsOf,
        }),
      );
    const [whole, part] = [await at(1_000), await at(40)];
    expect(part.fingerprint).toBe(whole.fingerprint);
    expect(part.ranking).toEqual(whole.ranking);
    expect(part.peak).toEqual(whole.peak);
    expect(part.plateau).toEqual(whole.plateau);
    expect(part.lucky).toEqual(whole.lucky);
    expect(whole.bounds).toEqual([]);
    expect(whole.evidence.configurations).toBe(242);
    expect(part.evidence.configurations).toBeLessThan(70);
    expect(part.evidence.best!.sharpe).toBeCloseTo(whole.evidence.best!.sharpe, 12);
    expect(part.bounds[0]).toContain(`${part.evidence.configurations} of 242 configurations`);
    expect(part.trials.run).toBe(whole.trials.run);
  });

  test('asks for the returns of the sample only', async () => {
    const engine = surfaceEngine(surface);
    const { evidence, configurations } = await sweep(
      specOf({
        engine,
        strategy: { ref: { builtin: 'planted' }, hash: 'builtin:planted', strategy: planted },
        sampler: { kind: 'random', trials: 400 },
        returnsOf: 50,
      }),
    );
    const of = (kind: EvaluationJob['keep']): number =>
      engine.jobs.filter(({ keep }) => keep === kind).reduce((n, job) => n + job.configurations.length, 0);
    expect(of('returns')).toBe(evidence.configurations);
    expect(configurations).toHaveLength(400);
    expect(of('returns') + of('metrics')).toBeLessThanOrEqual(402);
    // A binomial count of mean 50 and deviation 6.6, five of them off at most.
    expect(Math.abs(of('returns') - 50)).toBeLessThan(35);
  });
});

describe('halving in a sweep', () => {
  test('looks at the last ninth and the last third first, counts those looks, and ranks the last rung alone', async () => {
    const engine = surfaceEngine(({ k }, days) => ({
      returns: Float64Array.from({ length: days }, (_, i) => 0.001 * (k as number) + (i % 2 === 0 ? 0.01 : -0.01)),
    }));
    const ledger = join(folder, 'ledger');
    const { configurations, rungs, trials, peak } = await sweep(
      specOf({
        engine,
        sampler: { kind: 'halving', of: { kind: 'random', trials: 90 }, eta: 3, rungs: 3 },
        ledger: { folder: ledger, clock: () => 0 },
      }),
    );
    expect(rungs.map(rung => [rung.share, rung.configurations])).toEqual([
      [expect.closeTo(1 / 9, 12), 90],
      [expect.closeTo(1 / 3, 12), 30],
      [1, 10],
    ]);
    expect(configurations).toHaveLength(10);
    expect(trials).toMatchObject({ run: 130, total: 130, unsettled: 0 });
    expect(await distinctTrials(ledger)).toBe(130);
    // The more `k` the better, at every share: the best of all 90 survives.
    const asked = engine.jobs.flatMap(job => job.configurations.map(({ k }) => k as number));
    expect(configurations[peak!.index]!.params['k']).toBe(Math.max(...asked));
    const starts = new Set(engine.jobs.map(({ window }) => (window.to - window.from) / HOUR));
    expect([...starts]).toEqual([320, 960, 2880]);
  });

  test.each([1 / 9, 1 / 3, 0.5, 1])('a share of %d of a window is its end, in whole bars', share => {
    const window = { from: START, to: START + 1001 * HOUR };
    const { from, to } = lastShare(window, share, HOUR);
    expect(to).toBe(window.to);
    expect((to - from) % HOUR).toBe(0);
    expect(Math.abs((to - from) / (window.to - window.from) - share)).toBeLessThan(1 / 1001);
  });

  test('asks for trades in proportion to the share', async () => {
    const surface: Surface = ({ k }, days) => ({
      returns: Float64Array.from({ length: days }, (_, i) => 0.001 * (k as number) + (i % 2 === 0 ? 0.01 : -0.01)),
      // One trade in three days: 40 over the window, 4 over its last ninth of 13 days.
      metrics: { trades: Math.floor(days / 3) },
    });
    const { peak } = await sweep(
      specOf({
        engine: surfaceEngine(surface),
        sampler: { kind: 'halving', of: { kind: 'random', trials: 90 }, eta: 3, rungs: 3 },
        objective: { metric: 'sharpe', minimumTrades: 36 },
      }),
    );
    expect(peak).not.toBeNull();
  });
});

describe('several objectives', () => {
  test('give the front of what nothing dominates', async () => {
    const engine = surfaceEngine(({ k, idle }, days) => ({
      returns: Float64Array.from({ length: days }, (_, i) => 0.001 + (i % 2 === 0 ? 0.01 : -0.01)),
      // More return costs drawdown; `idle` costs both.
      metrics: { totalReturn: (k as number) - (idle as number), maxDrawdown: -(k as number) * (k as number) - (idle as number) },
    }));
    const { configurations, front, ranking } = await sweep(
      specOf({
        engine,
        sampler: { kind: 'nsga2', trials: 120, population: 12 },
        objective: { metric: 'totalReturn', also: ['maxDrawdown'], minimumTrades: 0 },
      }),
    );
    const at = (i: number): readonly number[] => [configurations[i]!.metrics['totalReturn']!, configurations[i]!.metrics['maxDrawdown']!];
    const isDominated = (i: number): boolean =>
      configurations.some((_, j) => at(j).every((value, m) => value >= at(i)[m]!) && at(j).some((value, m) => value > at(i)[m]!));
    const expected = Array.from(configurations.keys()).filter(i => !isDominated(i));
    expect(front.toSorted((a, b) => a - b)).toEqual(expected);
    expect(front.length).toBeGreaterThan(3);
    expect(front[0]).toBe(ranking[0]);
  });

  test('make the same front as comparing every two', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), { freq: 8 }), { maxLength: 30 }),
        all => {
          const isDominated = (i: number): boolean =>
            all.some(one => one !== null && one.every((v, m) => v >= all[i]![m]!) && one.some((v, m) => v > all[i]![m]!));
          expect(paretoFront(all)).toEqual(Array.from(all.keys()).filter(i => all[i] !== null && !isDominated(i)));
        },
      ),
    );
  });
});

describe('a sample by hash', () => {
  test('is about as large as wanted, the same in any order, and everything where no more is expected', () => {
    const all = Array.from({ length: 5_000 }, (_, i) => ({ i }));
    const options = { wanted: 500, expected: 5_000, seed: 7 };
    const chosen = all.filter(params => inSample(params, options));
    // A binomial of mean 500 and deviation 21.
    expect(Math.abs(chosen.length - 500)).toBeLessThan(106);
    expect(all.toReversed().filter(params => inSample(params, options))).toEqual(chosen.toReversed());
    expect(all.filter(params => inSample(params, { ...options, seed: 8 }))).not.toEqual(chosen);
    expect(all.slice(0, 500).every(params => inSample(params, { ...options, expected: 500 }))).toBe(true);
  });
});

describe('progress', () => {
  test('counts every configuration and shows the best so far', async () => {
    const seen: { done: number; total: number; score: number | null }[] = [];
    const { configurations, peak } = await sweep(
      specOf({
        engine: inProcessEngine(),
        onProgress: ({ done, total, best }) => seen.push({ done, total, score: best?.score ?? null }),
      }),
    );
    expect(seen.at(-1)).toEqual({ done: 60, total: 60, score: configurations[peak!.index]!.score });
    const scores = seen.flatMap(({ score }) => (score === null ? [] : [score]));
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(new Set(scores).size).toBeGreaterThan(1);
  });
});
