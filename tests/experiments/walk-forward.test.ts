import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flowOver } from '../../src/cluster/flow.js';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { JobEngine } from '../../src/cluster/job-engine.js';
import { piscinaEngine } from '../../src/cluster/piscina.js';
import { rolling } from '../../src/experiments/splits/rolling.js';
import { luckySharpe } from '../../src/experiments/overfitting/dsr.js';
import { observedSharpe, probabilisticSharpe } from '../../src/experiments/overfitting/psr.js';
import { trackOf } from '../../src/metrics/track.js';
import { countTrials } from '../../src/experiments/count-trials.js';
import { walkForward } from '../../src/experiments/walk-forward.js';
import type { WalkForwardSpec } from '../../src/experiments/walk-forward.js';
import { choice, int } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { DAY, HOUR } from '../../src/time.js';
import { changingMarket, DAYS, fakeConfig, HANDLER, START } from './fake-market.js';

const config = fakeConfig(DAYS);
const strategy = defineStrategy({
  name: 'fake',
  params: { k: int(1, 10, { default: 5 }), source: choice(['close', 'open']) },
  decide: () => [],
});

const folds = rolling({ from: START, to: START + DAYS * DAY }, { train: '40d', test: '10d', purge: '2d' });

const spec = (change: Partial<WalkForwardSpec> = {}): WalkForwardSpec => ({
  runId: 'run-1',
  strategy: { ref: { builtin: 'fake' }, hash: 'builtin:fake', strategy },
  fixed: { source: 'close' },
  config,
  instruments: [],
  data: { version: 'v1', chunks: [changingMarket()] },
  folds,
  sampler: { kind: 'grid', points: 100 },
  objective: { metric: 'totalReturn', minimumTrades: 0 },
  engine: inProcessEngine(),
  handler: HANDLER,
  ...change,
});

/** Counts the configurations that reach the engine. */
const counting = (engine: JobEngine): JobEngine & { readonly evaluated: number } => {
  let evaluated = 0;
  const run: JobEngine['run'] = (handler, payloads, options) =>
    engine.run(handler, payloads, {
      ...options,
      onResult: (index, result) => {
        if (handler === HANDLER) evaluated += (payloads[index] as { configurations: unknown[] }).configurations.length;
        options?.onResult?.(index, result);
      },
    });
  return {
    ...engine,
    get evaluated() {
      return evaluated;
    },
    run,
    flow: flowOver(run),
  };
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'walk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const whole = await walkForward(spec());

describe('a walk-forward', () => {
  test('finds the best parameter of each training window', () => {
    expect(folds).toHaveLength(8);
    // Tests begin on day 40, 50, …: trainings see 3 (days 0–50), then a majority of 6 from day 70 on, then of 9.
    const majority = folds.map(({ train }) => {
      const days = Array.from({ length: (train.to - train.from) / DAY }, (_, d) => (train.from - START) / DAY + d);
      const count = (k: number): number => days.filter(day => (day < 50 ? 3 : day < 80 ? 6 : 9) === k).length;
      // The nearest in the sum of distances is the median of the days' right parameters.
      return [3, 6, 9].find(k => [3, 6, 9].filter(j => j <= k).reduce((n, j) => n + count(j), 0) * 2 >= days.length);
    });
    expect(whole.folds.map(({ params }) => params)).toEqual(majority.map(k => ({ k, source: 'close' })));
    expect(new Set(majority)).toEqual(new Set([3, 6, 9]));
    for (const { candidates, params } of whole.folds) {
      expect(candidates).toHaveLength(10);
      const best = Math.max(...candidates.map(({ score }) => score!));
      expect(candidates.find(({ params: p }) => p['k'] === params!['k'])!.score).toBe(best);
    }
  });

  test('chains the test windows: equity out of sample is the product of the windows', () => {
    const growth = whole.folds.map(({ outOfSample }) => 1 + outOfSample!['totalReturn']!);
    const product = growth.reduce((a, b) => a * b, 1);
    expect(whole.stitched.finalEquity / 10_000).toBeCloseTo(product, 12);
    expect(whole.metrics.values.totalReturn).toBeCloseTo(product - 1, 12);
    whole.folds.forEach(({ startEquity, endEquity }, i) => {
      expect(startEquity).toBe(i === 0 ? 10_000 : whole.folds[i - 1]!.endEquity);
      expect(endEquity / startEquity).toBeCloseTo(growth[i]!, 12);
    });
    const { curve, fills, funding } = whole.stitched;
    expect(curve.length).toBe(80 * 24);
    expect(curve.ts[0]).toBe(folds[0]!.test.from + HOUR);
    expect(curve.ts.every((ts, i) => i === 0 || ts === (curve.ts[i - 1] ?? NaN) + HOUR)).toBe(true);
    expect(curve.equity.at(-1)).toBe(whole.stitched.finalEquity);
    expect(fills.map(({ seq }) => seq)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(new Set(fills.map(({ orderId }) => orderId)).size).toBe(16);
    expect(funding).toHaveLength(8);
    expect(whole.stitched.refusals).toEqual({ 'min-notional': 8 });
    expect(whole.stitched.plots).toHaveLength(1);
    expect([...whole.stitched.plots[0]!.value]).toEqual(whole.folds.map(({ params }) => params!['k']));
    expect(whole.stitched.closingCosts).toBeGreaterThan(0);
  });

  test('says how the objective decayed, how parameters drifted and what the search is worth', () => {
    const inside = whole.folds.map(({ inSample }) => inSample!['totalReturn']!);
    const outside = whole.folds.map(({ outOfSample }) => outOfSample!['totalReturn']!);
    const average = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
    expect(whole.decay.inSample).toBeCloseTo(average(inside), 12);
    expect(whole.decay.difference).toBeCloseTo(average(outside) - average(inside), 12);
    expect(whole.folds[0]!.decay.ratio.value).toBeCloseTo(outside[0]! / inside[0]!, 12);
    const ks = whole.folds.map(({ params }) => Number(params!['k']));
    expect(whole.drift.find(({ name }) => name === 'k')).toEqual({
      name: 'k',
      values: ks,
      meanStep: average(ks.slice(1).map((k, i) => Math.abs(k - ks[i]!) / 9)),
    });
    expect(whole.drift.find(({ name }) => name === 'source')!.meanStep).toBe(0);
    const { psr, dsr, pbo } = whole.overfitting;
    for (const { value, reason } of [psr, dsr, pbo]) {
      expect(reason).toBeNull();
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    expect(dsr.value!).toBeLessThan(psr.value!);
    expect(whole.folds[0]!.rankCorrelation.value).toBeNull();
  });

  test('sees nothing of a test window, nor of the purged gap before it, when it chooses', async () => {
    for (const { test: tested, train, index } of folds) {
      const chunk = changingMarket();
      for (let i = 0; i < chunk.rows; i++)
        if (chunk.ts[i]! >= train.to && chunk.ts[i]! < tested.to) chunk.columns[3]![i] = i % 2 === 0 ? 0.9 : -0.9;
      const poisoned = await walkForward(spec({ data: { version: 'v1', chunks: [chunk] }, folds: [{ ...folds[index]!, index: 0 }] }));
      expect(poisoned.folds[0]!.params).toEqual(whole.folds[index]!.params);
      expect(poisoned.folds[0]!.candidates).toEqual(whole.folds[index]!.candidates);
      expect(poisoned.folds[0]!.outOfSample).not.toEqual(whole.folds[index]!.outOfSample);
    }
  });

  test('trades flat in a fold in which no configuration traded enough, and says so', async () => {
    const flat = await walkForward(spec({ objective: { metric: 'sharpe', minimumTrades: 10_000 } }));
    expect(flat.stitched.finalEquity).toBe(10_000);
    expect(flat.stitched.curve.length).toBe(80 * 24);
    for (const { params, flatReason, outOfSample } of flat.folds) {
      expect([params, outOfSample]).toEqual([null, null]);
      expect(flatReason).toContain('10000 closed trades');
    }
    expect(flat.overfitting.psr).toEqual({ value: null, reason: 'the returns out of sample do not vary' });
    expect(flat.drift[0]!.meanStep).toBeNull();
    expect(flat.decay.ratio.value).toBeNull();
    const some = await walkForward(spec({ objective: { metric: 'totalReturn', minimumTrades: (38 * 24) / 4 } }));
    expect(some.folds.map(({ params }) => Number(params?.['k']) <= 4)).toEqual(folds.map(() => true));
  });

  test('compares ranks in and out of sample when it is asked to', async () => {
    const result = await walkForward(spec({ outOfSampleOfAll: true }));
    expect(result.fingerprint).toBe(whole.fingerprint);
    // In the first two folds the right parameter is the same in and out of sample but for noise.
    expect(result.folds[0]!.rankCorrelation.value).toBeGreaterThan(0.9);
    expect(result.folds[0]!.candidates.every(({ outOfSample }) => outOfSample !== null)).toBe(true);
    expect(result.trials.run).toBe(8 * 10 + 8 * 10);
  });

  test('has no probability of overfitting, and says why, when there was nothing to choose', async () => {
    const single = await walkForward(spec({ sampler: { kind: 'list', configurations: [{ k: 4 }] } }));
    expect(single.overfitting.pbo).toEqual({ value: null, reason: 'fewer than two configurations were tried' });
    expect(single.trials).toMatchObject({ run: 16, total: 16 });
  });

  test('reports progress up to its total', async () => {
    const seen: { done: number; total: number; reused: number }[] = [];
    await walkForward(spec({ onProgress: progress => seen.push(progress) }));
    expect(seen.at(-1)).toEqual({ done: 88, total: 88, reused: 0 });
    expect(seen.every(({ done }, i) => i === 0 || done >= seen[i - 1]!.done)).toBe(true);
    const flat: { done: number; total: number }[] = [];
    await walkForward(spec({ objective: { metric: 'sharpe', minimumTrades: 10_000 }, onProgress: progress => flat.push(progress) }));
    expect(flat.at(-1)).toMatchObject({ done: 80, total: 80 });
  });

  test('says how many folds are trained, before the progress that it goes with, resumed as well', async () => {
    const toldOf = async (): Promise<Map<number, number>> => {
      const seen = new Map<number, number>();
      let trained = NaN;
      await walkForward(spec({ folder, onTrained: folds => (trained = folds), onProgress: ({ done }) => void seen.set(done, trained) }));
      return seen;
    };
    // Ten trainings a fold, then the tests.
    const all = Array.from({ length: 88 }, (_, i): [number, number] => [i + 1, Math.min(8, Math.floor((i + 1) / 10))]);
    expect([...(await toldOf())]).toEqual([[0, NaN], ...all]);
    expect([...(await toldOf())]).toEqual([[0, NaN], ...all.slice(79)]);
  });

  test('names the fold and the configurations when one fails', async () => {
    const wide = defineStrategy({ name: 'fake', params: { k: int(1, 20, { default: 5 }) }, decide: () => [] });
    const { engine, ...rest } = spec({ strategy: { ref: { builtin: 'fake' }, hash: 'h', strategy: wide }, fixed: {} });
    await expect(walkForward({ ...rest, engine })).rejects.toThrow(/fold 1, training, configurations 13 to 14 of 20: thirteen/);
  });

  test('refuses an unknown metric or parameter before anything runs', async () => {
    const engine = counting(inProcessEngine());
    await expect(walkForward(spec({ engine, objective: { metric: 'sharp', minimumTrades: 0 } }))).rejects.toThrow('Did you mean');
    await expect(walkForward(spec({ engine, fixed: { kk: 3 } }))).rejects.toThrow('no parameter "kk"');
    expect(engine.evaluated).toBe(0);
  });
});

describe('a walk-forward on workers', () => {
  const engines = [1, 2, 4].map(workers => piscinaEngine({ workers }));
  afterAll(() => Promise.all(engines.map(engine => engine.close())));

  test('gives the same result for any number of them', async () => {
    for (const engine of engines) {
      const result = await walkForward(spec({ engine }));
      expect(result.fingerprint).toBe(whole.fingerprint);
      expect(result).toEqual(whole);
    }
  });

  test('interrupted and resumed gives the same result and repeats no finished job', async () => {
    for (const engine of [inProcessEngine(), engines[1]!]) {
      const run = join(folder, String(engine.workers));
      const first = counting(engine);
      const controller = new AbortController();
      const interrupted = walkForward(
        spec({
          engine: first,
          folder: run,
          signal: controller.signal,
          onProgress: ({ done }) => {
            if (done >= 30) controller.abort(new Error('ctrl-c'));
          },
        }),
      );
      await expect(interrupted).rejects.toThrow('ctrl-c');
      expect(first.evaluated).toBeGreaterThanOrEqual(30);
      expect(first.evaluated).toBeLessThan(88);
      const second = counting(engine);
      let reused = 0;
      const resumed = await walkForward(
        spec({
          engine: second,
          folder: run,
          onProgress: progress => {
            reused = progress.reused;
          },
        }),
      );
      expect(resumed).toEqual(whole);
      expect(first.evaluated + second.evaluated).toBe(88);
      expect(reused).toBe(first.evaluated);
      const third = counting(engine);
      expect(await walkForward(spec({ engine: third, folder: run }))).toEqual(whole);
      expect(third.evaluated).toBe(0);
    }
  });

  test('computes again what was cut short on disk, and what depends on something else now', async () => {
    await walkForward(spec({ folder }));
    const [name] = await readdir(join(folder, 'jobs'));
    await truncate(join(folder, 'jobs', name!), 40);
    const engine = counting(inProcessEngine());
    expect(await walkForward(spec({ folder, engine }))).toEqual(whole);
    expect(engine.evaluated).toBe(1);
    const other = counting(inProcessEngine());
    await walkForward(spec({ folder, engine: other, config: { ...config, leverage: 2 } }));
    expect(other.evaluated).toBe(88);
  });
});

describe('the trials of a walk-forward', () => {
  const ledger = () => ({ folder: join(folder, 'ledger'), clock: () => 0 });

  test('are counted once however often the run is repeated or resumed, and over runs', async () => {
    const first = await walkForward(spec({ ledger: ledger() }));
    expect(first.trials).toMatchObject({ run: 88, total: 88 });
    expect((await walkForward(spec({ ledger: ledger() }))).trials.total).toBe(88);
    expect((await walkForward(spec({ ledger: ledger(), runId: 'run-2' }))).trials.total).toBe(88);
    const more = await walkForward(spec({ ledger: ledger(), runId: 'run-3', data: { version: 'v2', chunks: [changingMarket()] } }));
    expect(more.trials).toMatchObject({ run: 88, total: 176 });
    expect(more.overfitting.dsr.value!).toBeLessThan(first.overfitting.dsr.value!);
    expect(await countTrials(ledger().folder)).toMatchObject({ distinct: 176, unsettled: 0, unreadable: 0 });
  });

  test('of a wide search weigh on a later walk of its winner alone, whose own windows are alike', async () => {
    await walkForward(spec({ ledger: ledger() }));
    // Training windows that grow share most of their days, so one configuration has nearly the same ratio in each.
    const grown = folds.slice(-3).map((fold, index) => ({ ...fold, index, train: { ...fold.train, from: START } }));
    const alone = spec({ folds: grown, sampler: { kind: 'list', configurations: [{ k: 6 }] } });
    const blind = await walkForward(alone);
    const after = await walkForward({ ...alone, ledger: ledger(), runId: 'run-2' });
    const sharpes = new Map<string, number>();
    const lengths = new Map<string, number>();
    for (const name of await readdir(ledger().folder))
      for (const text of (await readFile(join(ledger().folder, name), 'utf8')).trim().split('\n')) {
        const line = JSON.parse(text) as { type: string; hash: string; sharpe?: number; from: number; to: number };
        if (line.type === 'trial') lengths.set(line.hash, line.to - line.from);
        else sharpes.set(line.hash, line.sharpe!);
      }
    const scaled = [...sharpes].map(([hash, sharpe]) => sharpe * Math.sqrt(lengths.get(hash)! / (30 * DAY)));
    const centre = scaled.reduce((a, b) => a + b, 0) / scaled.length;
    const variance = scaled.reduce((sum, x) => sum + (x - centre) * (x - centre), 0) / (scaled.length - 1);
    expect(after.trials.total).toBe(scaled.length);
    const lucky = luckySharpe({ count: scaled.length, sharpeVariance: variance });
    const { returns } = trackOf(after.stitched);
    expect(after.overfitting.dsr.value!).toBeCloseTo(probabilisticSharpe(observedSharpe(returns), lucky), 10);
    expect(after.overfitting.psr).toEqual(blind.overfitting.psr);
    expect(after.overfitting.dsr.value!).toBeLessThan(blind.overfitting.dsr.value!);
  });

  test('include those that an interrupt kept from finishing, and no others', async () => {
    const controller = new AbortController();
    const engine = counting(inProcessEngine());
    const onProgress = ({ done }: { done: number }): void => {
      if (done >= 20) controller.abort(new Error('ctrl-c'));
    };
    await expect(walkForward(spec({ engine, ledger: ledger(), signal: controller.signal, onProgress }))).rejects.toThrow('ctrl-c');
    const { distinct } = await countTrials(ledger().folder);
    expect(distinct).toBeGreaterThanOrEqual(engine.evaluated);
    expect(distinct).toBeLessThanOrEqual(engine.evaluated + 1);
  });

  test('are on record before the engine begins them', async () => {
    const inner = inProcessEngine();
    let begun = 0;
    const run: JobEngine['run'] = (handler, payloads, options) =>
      inner.run(handler, payloads, {
        ...options,
        onStart: async indices => {
          const before = (await countTrials(ledger().folder)).distinct;
          await options?.onStart?.(indices);
          if (handler !== HANDLER) return;
          begun++;
          expect((await countTrials(ledger().folder)).distinct).toBeGreaterThan(before);
        },
      });
    const engine: JobEngine = { ...inner, run, flow: flowOver(run) };
    await walkForward(spec({ engine, ledger: ledger(), folds: folds.slice(0, 2) }));
    expect(begun).toBe(22);
  });
});
