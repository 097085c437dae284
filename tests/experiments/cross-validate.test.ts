import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { JobEngine } from '../../src/cluster/job-engine.js';
import { piscinaEngine } from '../../src/cluster/piscina.js';
import { crossValidate } from '../../src/experiments/cross-validate.js';
import type { CrossValidationSpec } from '../../src/experiments/cross-validate.js';
import { countTrials } from '../../src/experiments/count-trials.js';
import { returnScore } from '../../src/experiments/return-score.js';
import { crossSplit } from '../../src/experiments/splits/cross-split.js';
import type { CrossScheme } from '../../src/experiments/splits/cross-split.js';
import { int } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { DAY } from '../../src/time.js';
import { DAYS, fakeConfig, fakeMarket, HANDLER, START } from './fake-market.js';

/** Bars in which the right `k` is 3 for the first half and 8 for the second, with noise enough to mislead. */
const chunk = fakeMarket(DAYS, day => (day < DAYS / 2 ? 3 : 8), 'cross market', 0.004);
const calendar = { from: START, to: START + DAYS * DAY, opens: chunk.ts };
const config = fakeConfig(DAYS);
const strategy = defineStrategy({ name: 'fake', params: { k: int(1, 10, { default: 5 }) }, decide: () => [] });
const GAPS = { purge: '2d', embargo: '1d' };
const COMBINATORIAL: CrossScheme = { kind: 'combinatorial', groups: 6, testGroups: 2, ...GAPS };

const spec = (change: Partial<CrossValidationSpec> = {}, scheme: CrossScheme = COMBINATORIAL): CrossValidationSpec => ({
  runId: 'cross-1',
  strategy: { ref: { builtin: 'fake' }, hash: 'builtin:fake', strategy },
  config,
  instruments: [],
  data: { version: 'v1', chunks: [chunk] },
  split: crossSplit(calendar, scheme),
  sampler: { kind: 'grid', points: 100 },
  objective: { metric: 'sharpe', minimumTrades: 0 },
  engine: inProcessEngine(),
  handler: HANDLER,
  ...change,
});

/** What a configuration earns in a day: the handler's rule, written again. */
const dailyReturn = (k: number, day: number): number => {
  let sum = 0;
  for (let hour = 24 * day; hour < 24 * day + 24; hour++)
    sum += 0.001 - 0.0002 * Math.abs(k - chunk.columns[0]![hour]!) + chunk.columns[3]![hour]!;
  return sum;
};

const sharpeOf = (days: readonly number[], k: number): number => {
  const returns = days.map(day => dailyReturn(k, day));
  const mean = returns.reduce((a, b) => a + b, 0) / returns.length;
  return (mean / Math.sqrt(returns.reduce((a, b) => a + (b - mean) * (b - mean), 0) / (returns.length - 1))) * Math.sqrt(365);
};

const GROUP_DAYS = DAYS / 6;

describe('a combinatorial cross-validation', () => {
  test('chooses in every fold what a slow search over the days away from the tests chooses, and joins the tests into paths', async () => {
    const result = await crossValidate(spec());
    expect(result.folds.length).toBe(15);
    expect(result.paths.length).toBe(5);
    const ks = Array.from({ length: 10 }, (_, i) => i + 1);
    const chosen = new Map<string, number>();
    let fold = 0;
    for (let a = 0; a < 6; a++)
      for (let b = a + 1; b < 6; b++) {
        const isTested = (day: number): boolean => [a, b].includes(Math.floor(day / GROUP_DAYS));
        // Three days on either side of a test are no training.
        const near = (day: number): boolean =>
          [-3, -2, -1, 0, 1, 2, 3].some(step => day + step >= 0 && day + step < DAYS && isTested(day + step));
        const training = Array.from({ length: DAYS }, (_, day) => day).filter(day => !near(day));
        const best = ks.toSorted((x, y) => sharpeOf(training, y) - sharpeOf(training, x) || (String(x) < String(y) ? -1 : 1))[0]!;
        const { params, inSample, outOfSample, test: tests } = result.folds[fold]!;
        expect(tests.map(({ from }) => (from - START) / DAY)).toEqual([a * GROUP_DAYS, b * GROUP_DAYS]);
        expect(params).toEqual({ k: best });
        expect(inSample).toBeCloseTo(sharpeOf(training, best), 9);
        const tested = Array.from({ length: DAYS }, (_, day) => day).filter(isTested);
        expect(outOfSample).toBeCloseTo(sharpeOf(tested, best), 9);
        chosen.set(`${a},${b}`, best);
        fold++;
      }
    // Path p takes each group from the p-th fold that tests it.
    result.paths.forEach(({ returns, returnTs }, p) => {
      expect(returnTs.length).toBe(DAYS);
      expect([...returnTs].every((ts, day) => ts === START + (day + 1) * DAY)).toBe(true);
      for (let day = 0; day < DAYS; day++) {
        const group = Math.floor(day / GROUP_DAYS);
        const folds = [...chosen].filter(([key]) => key.split(',').map(Number).includes(group));
        expect(returns[day]).toBeCloseTo(dailyReturn(folds[p]![1], day), 12);
      }
    });
  });

  test('is optimistic in training and knows it', async () => {
    const { folds, search, sharpe, trials, configurations } = await crossValidate(spec());
    const mean = (pick: (fold: (typeof folds)[number]) => number | null): number =>
      folds.reduce((sum, fold) => sum + (pick(fold) ?? 0), 0) / folds.length;
    expect(mean(fold => fold.inSample)).toBeGreaterThan(mean(fold => fold.outOfSample));
    expect(search.observations).toBe(DAYS);
    expect(search.configurations).toBe(10);
    expect(sharpe!.low).toBeLessThanOrEqual(sharpe!.median);
    expect(trials.run).toBe(configurations * 6);
  });
});

describe('any cross-validation', () => {
  let folder = '';
  const engines: JobEngine[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cross-'));
  });
  afterAll(async () => {
    await Promise.all(engines.map(engine => engine.close()));
    await rm(folder, { recursive: true, force: true });
  });

  test('is the same with two workers, and after an interrupt', async () => {
    const whole = await crossValidate(spec());
    const workers = piscinaEngine({ workers: 2 });
    engines.push(workers);
    const ledger = { folder: join(folder, 'ledger'), clock: () => 0 };
    const controller = new AbortController();
    const reports = join(folder, 'run');
    await expect(
      crossValidate(
        spec({
          engine: workers,
          folder: reports,
          ledger,
          signal: controller.signal,
          onProgress: ({ done }) => {
            if (done >= 20) controller.abort(new Error('stopped'));
          },
        }),
      ),
    ).rejects.toThrow();
    let reused = 0;
    const resumed = await crossValidate(
      spec({ engine: workers, folder: reports, ledger, onProgress: progress => (reused = progress.reused) }),
    );
    expect(reused).toBeGreaterThan(0);
    expect(resumed.fingerprint).toBe(whole.fingerprint);
    expect(resumed.paths).toEqual(whole.paths);
    expect(resumed.folds).toEqual(whole.folds);
    expect((await countTrials(ledger.folder, { strategy: 'fake' })).distinct).toBe(60);
    expect(resumed.trials).toEqual({ run: 60, total: 60 });
  });

  test('tests each part once with one path in k folds and in folds alike in regimes', async () => {
    const regimes = Float64Array.from(chunk.ts, (_, i) => Math.floor(i / 24 / 5) % 2);
    for (const scheme of [
      { kind: 'k-fold' as const, folds: 4, ...GAPS },
      { kind: 'regimes' as const, folds: 3, blocks: 4, regimes, purge: '1d' },
    ]) {
      const { paths, folds, groups } = await crossValidate(spec({}, scheme));
      expect(paths.length).toBe(1);
      expect(groups.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(DAYS * DAY);
      expect(folds.flatMap(fold => fold.test).length).toBe(groups.length);
      expect(paths[0]!.returns.length).toBeGreaterThan(DAYS - groups.length);
    }
  });

  test('trades flat where nothing was eligible, and one configuration whatever it did', async () => {
    const flat = await crossValidate(spec({ objective: { metric: 'sharpe', minimumTrades: 1e9 } }));
    expect(flat.folds.every(({ params }) => params === null)).toBe(true);
    expect(flat.paths.every(({ totalReturn, sharpe }) => totalReturn === 0 && sharpe === null)).toBe(true);
    expect(flat.sharpe).toBeNull();
    const single = await crossValidate(
      spec({ objective: { metric: 'sharpe', minimumTrades: 1e9 }, sampler: { kind: 'list', configurations: [{ k: 3 }] } }),
    );
    expect(single.folds.every(({ params }) => params?.['k'] === 3)).toBe(true);
  });

  test('refuses searches that learn, and objectives that pieces of history do not have', async () => {
    await expect(crossValidate(spec({ sampler: { kind: 'tpe', trials: 10 } }))).rejects.toMatchObject({ code: 'bad-search' });
    await expect(
      crossValidate(spec({ sampler: { kind: 'halving', of: { kind: 'grid', points: 9 }, eta: 3, rungs: 2 } })),
    ).rejects.toMatchObject({ code: 'bad-search' });
    expect(() => returnScore('profitFactor')).toThrow(/joined together/);
  });
});
