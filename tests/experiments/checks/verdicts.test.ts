import { describe, expect, test } from 'vitest';
import { costStress } from '../../../src/experiments/checks/cost-stress.js';
import { fragilityChecks } from '../../../src/experiments/checks/fragility-checks.js';
import { missedFillsCheck } from '../../../src/experiments/checks/missed-fills.js';
import { missingBarsCheck } from '../../../src/experiments/checks/missing-bars.js';
import { noisyClosesCheck } from '../../../src/experiments/checks/noisy-closes.js';
import { oneBarDelay } from '../../../src/experiments/checks/one-bar-delay.js';
import { parameterJitter } from '../../../src/experiments/checks/parameter-jitter.js';
import { randomEntriesCheck } from '../../../src/experiments/checks/random-entries.js';
import { startDateCheck } from '../../../src/experiments/checks/start-date.js';
import { syntheticHistories } from '../../../src/experiments/checks/synthetic-histories.js';
import type { Check } from '../../../src/experiments/checks/check.js';
import { checkResult, pointOf } from '../../../src/experiments/checks/verdict-of-check.js';
import { random } from '../../../src/random.js';
import { barsOf, checked, checkedOnce, DAILY, planted, plantedGains, subjectOf } from './planted-edges.js';

const daily = planted('daily', DAILY);
const DAYS = 103;
/** Fees at which a trade at another hour loses. */
const dear = { fees: { kind: 'maker-taker', maker: 0.0005, taker: 0.0005 } } as const;
const gains = [plantedGains(DAYS, { mean: 0.003, deviation: 0.004, noise: 0.0005 })];

/** Only tells what the run made. */
const totalReturn: Check = {
  id: 'told',
  title: 'Told',
  family: 'chance',
  plan: () => [],
  judge: (_subject, base) => checkResult(totalReturn, 'pass', 'It ran.', { base: pointOf('as it is', null, base) }),
};

describe('a strategy of known edge', () => {
  test.each([
    // Per day the edge is 20 or 40 bp; a way in and a way out cost 14 bp together.
    { edge: 0.002, dies: 20 / 14, verdict: 'fail' },
    { edge: 0.0024, dies: 24 / 14, verdict: 'warn' },
    { edge: 0.0038, dies: 38 / 14, verdict: 'pass' },
  ])('of $edge a day dies at $dies times its costs', async ({ edge, dies, verdict }) => {
    const result = await checkedOnce(costStress(), {
      file: daily,
      chunks: [plantedGains(DAYS, { mean: Math.log(1 + edge), deviation: 0.0002 })],
      change: { fees: { kind: 'maker-taker', maker: 0.0005, taker: 0.0005 }, slippage: { kind: 'fixed-bps', bps: 2 } },
    });
    expect(result.verdict).toBe(verdict);
    const at = Number(/are ([\d.]+) times/.exec(result.sentence)?.[1]);
    expect(Math.abs(at / dies - 1)).toBeLessThan(0.05);
    expect(result.points.map(({ x }) => x)).toEqual([1.5, 2, 3]);
  });

  test('outlives three times its costs when it is ten times as large', async () => {
    const result = await checkedOnce(costStress(), { file: daily, chunks: [plantedGains(DAYS, { mean: 0.002, deviation: 0.0002 })] });
    expect(result).toMatchObject({ verdict: 'pass' });
    expect(result.sentence).toContain('outlives 3.0 times');
  });

  test('dies where a run at just those costs ends with what it began with, however wild it is', async () => {
    const chunks = [plantedGains(DAYS, { mean: 0.009, deviation: 0.03, seed: 1 })];
    const at = async (taker: number) =>
      (await checkedOnce(totalReturn, { file: daily, chunks, change: { fees: { kind: 'maker-taker', maker: taker, taker } } })).base!
        .totalReturn!;
    const fee = 0.002;
    const { sentence, base } = await checkedOnce(costStress(), {
      file: daily,
      chunks,
      change: { fees: { kind: 'maker-taker', maker: fee, taker: fee } },
    });
    expect(base!.totalReturn!).toBe(await at(fee));
    const dies = Number(/are ([\d.]+) times/.exec(sentence)?.[1]);
    expect(await at(fee * (dies - 0.03))).toBeGreaterThan(0);
    expect(await at(fee * (dies + 0.03))).toBeLessThan(0);
  });

  test('must survive as much as is asked of it', async () => {
    const subject = { file: daily, chunks: [plantedGains(DAYS, { mean: 0.0005, deviation: 0.0002 })] };
    // 5 bp a day against 2 bp.
    expect((await checkedOnce(costStress({ survives: 2.4 }), subject)).verdict).toBe('pass');
    expect((await checkedOnce(costStress({ survives: 2.6 }), subject)).verdict).toBe('fail');
  });

  test('is not asked about costs when there are none, nor about a profit when there is none', async () => {
    const free = { fees: { kind: 'maker-taker', maker: 0, taker: 0 } } as const;
    expect(await checkedOnce(costStress(), { file: daily, chunks: gains, change: free })).toMatchObject({ verdict: 'untested' });
    const losing = [plantedGains(DAYS, { mean: -0.001, deviation: 0.001 })];
    const results = await checked(await subjectOf({ file: daily, chunks: losing }), [costStress(), oneBarDelay(), missingBarsCheck(2)]);
    expect(results.map(({ verdict }) => verdict)).toEqual(['untested', 'untested', 'untested']);
  });
});

describe('one bar later', () => {
  test('a strategy that holds the hours around its edge earns the same', async () => {
    const result = await checkedOnce(oneBarDelay(), { file: daily, chunks: gains });
    expect(result.verdict).toBe('pass');
    // In an hour later and out an hour later: the bar of 12:00 is held either way.
    expect(result.points[0]!.totalReturn! / result.base!.totalReturn!).toBeGreaterThan(0.8);
  });

  test('a strategy that lives on the first bar after its decision earns nothing', async () => {
    const fresh = planted('fresh', 'return hour === 12 ? 1 : hour === 13 ? 0 : undefined;');
    const result = await checkedOnce(oneBarDelay([1, 2]), { file: fresh, chunks: gains });
    expect(result.verdict).toBe('fail');
    expect(result.base!.totalReturn!).toBeGreaterThan(0.2);
    expect(result.points.map(({ totalReturn }) => totalReturn! < 0.05)).toEqual([true, true]);
  });
});

describe('jitter', () => {
  test('of parameters kills a spike and leaves a plateau', async () => {
    const params = `params: { hour: { kind: 'int', min: 0, max: 23, step: 1, log: false, default: 12, search: true } },`;
    const spike = planted('spike', 'return hour === context.params.hour ? 1 : hour === context.params.hour + 1 ? 0 : undefined;', params);
    const plateau = planted(
      'plateau',
      'return hour === context.params.hour - 5 ? 1 : hour === context.params.hour + 5 ? 0 : undefined;',
      params,
    );
    const [narrow, broad] = [
      await checkedOnce(parameterJitter(), { file: spike, chunks: gains, params: { hour: 12 } }),
      await checkedOnce(parameterJitter(), { file: plateau, chunks: gains, params: { hour: 12 } }),
    ];
    expect(narrow.verdict).toBe('fail');
    expect(broad.verdict).toBe('pass');
    expect(broad.points.map(({ label }) => label)).toEqual(['hour −8%', 'hour +8%']);
  });

  test('of parameters is not made without numbers, and knows no neighbour that the constraint forbids', async () => {
    expect(await checkedOnce(parameterJitter(), { file: daily, chunks: gains })).toMatchObject({ verdict: 'untested' });
    const bound = planted(
      'bound',
      DAILY,
      `params: { fast: { kind: 'float', min: 1, max: 100, step: null, log: false, default: 20, search: true } }, constraint: ({ fast }) => fast <= 20,`,
    );
    const subject = await subjectOf({ file: bound, chunks: gains, params: { fast: 20 } });
    expect(parameterJitter().plan(subject)).toMatchObject([{ name: 'fast −10%', steps: [{ params: { fast: 18 } }] }]);
    // Windows that chose the edge stay there, unless they are most of them.
    const { window } = subject.steps[0]!;
    const chosen = (...values: readonly number[]) => ({ ...subject, steps: values.map(fast => ({ params: { fast }, window })) });
    expect(parameterJitter().plan(chosen(20, 10))).toMatchObject([
      { name: 'fast −10%', steps: [{ params: { fast: 18 } }, { params: { fast: 9 } }] },
      { name: 'fast +10%', steps: [{ params: { fast: 20 } }, { params: { fast: 11 } }] },
    ]);
    expect(parameterJitter().plan(chosen(20, 10, 20))).toMatchObject([{ name: 'fast −10%' }]);
    expect(parameterJitter().plan(chosen(1, 20))).toHaveLength(2);
  });

  test('of bars breaks what counts bars, and hardly touches what looks at the clock', async () => {
    const counting = planted(
      'counting',
      'const n = context.memory.n++ % 24; return n === 9 ? 1 : n === 13 ? 0 : undefined;',
      'params: {}, memory: () => ({ n: 0 }),',
    );
    const [counts, clock] = [
      await checkedOnce(missingBarsCheck(), { file: counting, chunks: gains, change: dear }),
      await checkedOnce(missingBarsCheck(), { file: daily, chunks: gains, change: dear }),
    ];
    expect(counts.base!.totalReturn).toBeCloseTo(clock.base!.totalReturn!, 9);
    expect(counts.verdict).toBe('fail');
    expect(clock.verdict).toBe('pass');
  });

  test('of closes breaks what hangs on the last digit', async () => {
    const still = [plantedGains(DAYS, { mean: 0.003, deviation: 0.002 })];
    const exact = planted('exact', 'return hour === 10 ? (bar.close === bar.open ? 1 : 0) : hour === 14 ? 0 : undefined;');
    expect(await checkedOnce(noisyClosesCheck(3), { file: exact, chunks: still })).toMatchObject({ verdict: 'fail' });
    expect(await checkedOnce(noisyClosesCheck(3), { file: daily, chunks: still })).toMatchObject({ verdict: 'pass' });
  });

  test('of the start breaks what counts from its first bar', async () => {
    const counting = planted(
      'phase',
      'context.memory.first ??= bar.ts; const n = ((bar.ts - context.memory.first) / 3600000) % 24; return n === 9 ? 1 : n === 13 ? 0 : undefined;',
      'params: {}, memory: () => ({}),',
    );
    const [phase, clock] = [
      await checkedOnce(startDateCheck(), { file: counting, chunks: gains, change: dear }),
      await checkedOnce(startDateCheck(), { file: daily, chunks: gains, change: dear }),
    ];
    expect(phase.verdict).toBe('fail');
    expect(clock.verdict).toBe('pass');
    expect(clock.points).toHaveLength(5);
  });
});

describe('chance', () => {
  /** Steady drift with noise; nobody knows more than that it rises. */
  const draw = random('drift');
  const drift = [barsOf(24 * 120, () => 0.00025 + 0.002 * draw.normal())];
  const everyOther = planted(
    'every-other',
    'const day = Math.floor(bar.ts / 86400000); return hour === 8 ? (day % 2 === 0 ? 1 : 0) : undefined;',
  );

  test('tells timing from exposure', async () => {
    expect(await checkedOnce(randomEntriesCheck(), { file: daily, chunks: gains })).toMatchObject({ verdict: 'pass' });
    expect(await checkedOnce(randomEntriesCheck(), { file: everyOther, chunks: drift })).toMatchObject({ verdict: 'warn' });
    const always = planted('always', 'return hour === 8 ? 1 : hour === 9 && Math.floor(bar.ts / 86400000) % 20 === 0 ? 0 : undefined;');
    expect(await checkedOnce(randomEntriesCheck(), { file: always, chunks: drift })).toMatchObject({ verdict: 'untested' });
  });

  test('tells an edge in drift from one in the hour of the day by histories without hours', async () => {
    const onDrift = await checkedOnce(syntheticHistories(12), { file: everyOther, chunks: drift });
    expect(onDrift.verdict).toBe('pass');
    expect(onDrift.sentence).toContain('drift, volatility or memory shorter');
    const still = [plantedGains(DAYS, { mean: 0.003, deviation: 0.002, noise: 0.001 })];
    const centred = [barsOf(still[0]!.rows, i => Math.log(still[0]!.columns[3]![i]! / still[0]!.columns[0]![i]!) - 0.003 / 24)];
    expect(await checkedOnce(syntheticHistories(12), { file: daily, chunks: centred })).toMatchObject({ verdict: 'warn' });
  });

  test('finds the one trade that carries all', async () => {
    const lone = [barsOf(24 * 40, i => (i === 24 * 20 + 12 ? 0.2 : i % 24 === 12 ? -0.003 : 0))];
    const result = await checkedOnce(missedFillsCheck(), { file: daily, chunks: lone });
    expect(result.sentence).toContain('in its best 1 of 40 trades');
    expect(result.sentence).toMatch(/loses money in (8|9|10|11|12)\.\d%/);
  });

  test('lets a strategy on steady drift pass all that is asked of it', async () => {
    const results = await checked(await subjectOf({ file: everyOther, chunks: drift }), fragilityChecks());
    const verdicts = Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toEqual({
      'cost-stress': 'pass',
      'one-bar-delay': 'pass',
      'parameter-jitter': 'untested',
      'start-date': 'pass',
      'missing-bars': 'pass',
      'noisy-closes': 'pass',
      'missed-fills': 'pass',
      'trade-order': expect.stringMatching(/pass|warn/),
      // It is its exposure that earns.
      'random-entries': 'warn',
      'synthetic-histories': 'pass',
    });
  });
});
