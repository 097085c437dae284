import { describe, expect, it } from 'vitest';
import { historyPlan } from '../../../src/experiments/checks/history-plan.js';
import { settling } from '../../../src/experiments/checks/settling.js';
import type { Settling } from '../../../src/experiments/checks/settling.js';
import type { LeakSubject } from '../../../src/experiments/checks/leak-check.js';
import { scalar } from '../../../src/features/feature.js';
import type { Feature } from '../../../src/features/feature.js';
import { ema } from '../../../src/features/trend/ema.js';
import { psar } from '../../../src/features/trend/psar.js';
import { sma } from '../../../src/features/trend/sma.js';
import { obv } from '../../../src/features/volume/obv.js';
import { bars, defineStrategy } from '../../../src/strategies/strategy.js';
import { HOUR } from '../../../src/time.js';
import { smallMarket } from '../../arbitraries/market.js';

const market = smallMarket(5, 1800, 2);

const subjectOf = (features: Record<string, Feature>, warmup = 0): LeakSubject => ({
  strategyOn: () =>
    defineStrategy({
      name: 'looks-only',
      params: {},
      needs: ({ universe, timeframe }) => bars(universe, timeframe, { warmup }),
      indicators: () => features,
      decide: () => undefined,
    }),
  params: {},
  config: market.config,
  instruments: market.instruments,
  chunks: market.chunks,
});

const settlingOf = async (feature: Feature, warmup = 0): Promise<Settling> => {
  const subject = subjectOf({ x: feature }, warmup);
  const plan = historyPlan(subject.strategyOn(subject.chunks), subject);
  if ('untested' in plan) throw new Error(plan.untested);
  const [found] = await settling(subject, plan);
  return found!;
};

/** An average of the last 70 closes, or of fewer, that says it is ready after ten. */
const eager = scalar('eager(70)', 10, () => {
  const seen: number[] = [];
  return bar => {
    seen.push(bar.close);
    if (seen.length > 70) seen.shift();
    return seen.reduce((a, b) => a + b, 0) / seen.length;
  };
});

/** Uneven weights, so that no two starts give the same number by chance: an exponential average that begins at the first close. */
const seeded = (length: number) =>
  scalar(`seeded(${length})`, 1, () => {
    let value = NaN;
    return bar => (value = Number.isNaN(value) ? bar.close : value + (2 / (length + 1)) * (bar.close - value));
  });

describe('where history begins', () => {
  it('does not matter to a window that is as long as it says', async () => {
    const { dependence, settledAfter, atWarmup } = await settlingOf(sma(30));
    expect([dependence, settledAfter, atWarmup]).toEqual(['settled', 30, expect.closeTo(0, 9)]);
  });

  it('matters to a window until it is full, to the bar', async () => {
    const { dependence, settledAfter, before } = await settlingOf(eager);
    expect([dependence, settledAfter, before]).toEqual(['short', 70, 10]);
  });

  it('matters no longer when the strategy itself waits long enough', async () => {
    expect((await settlingOf(eager, 70)).dependence).toBe('settled');
    expect((await settlingOf(eager, 69)).dependence).toBe('short');
  });

  it('is forgotten by an exponential average at the rate that its weight says', async () => {
    const { dependence, curve } = await settlingOf(seeded(20));
    expect(dependence).toBe('fading');
    // What is left of the seed after each bar is 1 − 2 ÷ 21 of what was left before, from whichever start.
    for (let k = 20; k < 150; k++) expect(curve[k]! / curve[k - 1]!).toBeCloseTo(19 / 21, 6);
  });

  it('is forgotten earlier by a faster average', async () => {
    const [fast, slow] = [await settlingOf(ema(10)), await settlingOf(ema(40))];
    expect(fast.settledAfter).toBeLessThan(slow.settledAfter);
    expect(fast.dependence).toBe('fading');
  });

  it('is forgotten at once when a parabolic stop turns', async () => {
    expect((await settlingOf(psar())).dependence).toBe('state');
  });

  it('is never forgotten by a sum since the first bar', async () => {
    const { dependence, settledAfter, curve } = await settlingOf(obv());
    expect([dependence, settledAfter]).toEqual(['endless', Infinity]);
    expect(curve.at(-1)).toBeCloseTo(curve[1]!, 9);
  });

  it('is seen on each timeframe by its own bars', async () => {
    const subject: LeakSubject = {
      ...subjectOf({}),
      strategyOn: () =>
        defineStrategy({
          name: 'two-timeframes',
          params: {},
          needs: ({ universe }) => [bars(universe, '1h'), bars(universe, '4h')],
          indicators: () => ({ average: sma(15) }),
          decide: () => undefined,
        }),
    };
    const plan = historyPlan(subject.strategyOn(subject.chunks), subject);
    if ('untested' in plan) throw new Error(plan.untested);
    expect([plan.warmup, plan.length]).toEqual([15, 4 * HOUR]);
    const found = await settling(subject, plan);
    // Fifteen bars of four hours are sixty of one.
    expect(found.map(({ indicator, before, settledAfter, dependence }) => [indicator, before, settledAfter, dependence])).toEqual([
      ['average', 60, 15, 'settled'],
      ['average on 4h', 15, 15, 'settled'],
    ]);
  });

  it('cannot be told on data that are no longer than the warm-up', () => {
    const subject = subjectOf({ x: sma(400) });
    expect(historyPlan(subject.strategyOn(subject.chunks), subject)).toEqual({
      untested: expect.stringMatching(/1800 bars, and 2472 are/),
    });
  });
});
