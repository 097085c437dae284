import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { missedFills } from '../../../src/experiments/monte-carlo/missed-fills.js';
import { outcomesOf } from '../../../src/experiments/monte-carlo/outcomes.js';
import { tradeOrder } from '../../../src/experiments/monte-carlo/trade-order.js';
import { deepestDrawdown } from '../../../src/metrics/max-drawdown.js';
import { mean, variance } from '../../../src/statistics/moments.js';
import { trip } from '../../metrics/sample-track.js';

const permutations = (items: readonly number[]): number[][] =>
  items.length === 0 ? [[]] : items.flatMap((x, i) => permutations(items.filter((_, j) => j !== i)).map(rest => [x, ...rest]));

const pathOf = (steps: readonly number[], capital: number): number[] => {
  let equity = capital;
  return steps.map(step => (equity += step));
};

/** Share of samples at each value, to six decimals of it. */
const shares = (samples: Iterable<number>, count: number): Map<string, number> => {
  const found = new Map<string, number>();
  for (const x of samples) found.set(x.toFixed(6), (found.get(x.toFixed(6)) ?? 0) + 1 / count);
  return found;
};

const pnl = fc.array(fc.integer({ min: -50, max: 60 }), { minLength: 1, maxLength: 30 });

describe('outcomes of simulations', () => {
  test('rank the observed value with ties half, and a p-value is never zero', () => {
    const { rank, pValue, percentiles } = outcomesOf(3, Float64Array.of(5, 1, 3, 2));
    expect([rank, pValue, percentiles.p50]).toEqual([2.5 / 4, 3 / 5, 2.5]);
    expect(outcomesOf(9, Float64Array.of(1, 2, 3)).pValue).toBe(1 / 4);
    expect(outcomesOf(0.1 + 0.2, Float64Array.of(0.3)).rank).toBe(0.5);
  });
});

describe('other orders of the same trades', () => {
  test('give each drawdown as often as the list of all orders does', () => {
    const steps = [30, -20, -25, 10, -5];
    const samples = 30_000;
    const { maxDrawdown, final } = tradeOrder(
      steps.map(x => trip(x)),
      { initialCapital: 100, samples, seed: 1, sizing: 'fixed' },
    );
    const all = permutations(steps);
    const exact = shares(
      all.map(order => deepestDrawdown(pathOf(order, 100), 100)),
      all.length,
    );
    const drawn = shares(maxDrawdown.samples, samples);
    for (const [value, share] of exact) expect(Math.abs((drawn.get(value) ?? 0) - share), value).toBeLessThan(0.015);
    expect([...drawn.keys()].every(value => exact.has(value))).toBe(true);
    expect(maxDrawdown.observed).toBeCloseTo(deepestDrawdown(pathOf(steps, 100), 100), 12);
    expect(new Set(final.samples)).toEqual(new Set([90]));
  });
  test('are all equally likely from the first draw on', () => {
    const steps = [30, -20, -25];
    const all = permutations(steps).map(order => deepestDrawdown(pathOf(order, 100), 100));
    const exact = shares(all, all.length);
    const first = Array.from({ length: 4000 }, (_, seed) => {
      const options = { initialCapital: 100, samples: 1, seed, sizing: 'fixed' as const };
      return tradeOrder(
        steps.map(x => trip(x)),
        options,
      ).maxDrawdown.samples[0]!;
    });
    const drawn = shares(first, first.length);
    for (const [value, share] of exact) expect(Math.abs((drawn.get(value) ?? 0) - share), value).toBeLessThan(0.03);
  });
  test('keep the final equity, and the observed path is that of the run, whatever the sizing', () => {
    fc.assert(
      fc.property(pnl, fc.constantFrom('fixed' as const, 'compounding' as const), (steps, sizing) => {
        const capital = 2000;
        const { final, maxDrawdown } = tradeOrder(
          steps.map(x => trip(x)),
          { initialCapital: capital, samples: 5, seed: 3, sizing },
        );
        const path = pathOf(steps, capital);
        expect(final.observed).toBeCloseTo(path[path.length - 1]!, 6);
        expect(maxDrawdown.observed).toBeCloseTo(deepestDrawdown(path, capital), 9);
        for (const x of final.samples) expect(x).toBeCloseTo(final.observed, 6);
        for (const x of maxDrawdown.samples) expect(x).toBeLessThanOrEqual(0);
      }),
    );
  });
  test('drawn with replacement vary in the final equity by n times the variance of a trade', () => {
    const steps = [12, -7, 3, 3, -9, 20, 1, -2];
    const { final } = tradeOrder(
      steps.map(x => trip(x)),
      { initialCapital: 1000, samples: 20_000, seed: 5, sizing: 'fixed', draw: 'replacement' },
    );
    expect(mean(final.samples)).toBeCloseTo(1000 + 21, -0.5);
    expect(variance(final.samples) / (8 * variance(steps, 0))).toBeCloseTo(1, 1);
  });
  test('rank low a run whose losses all came in one row', () => {
    const run = [...Array.from({ length: 20 }, () => 10), ...Array.from({ length: 20 }, () => -9)];
    const { maxDrawdown } = tradeOrder(
      run.map(x => trip(x)),
      { initialCapital: 1000, samples: 500, seed: 1 },
    );
    expect(maxDrawdown.rank).toBeLessThan(0.01);
  });
});

describe('missed fills', () => {
  const steps = [40, -15, 22, -8, 5, 31, -27];
  const trips = steps.map(x => trip(x));
  test('leave on average what is filled, with p(1 − p)Σpnl² of variance', () => {
    const p = 0.3;
    const { final } = missedFills(trips, { initialCapital: 1000, samples: 20_000, seed: 2, probability: p, sizing: 'fixed' });
    const spread = p * (1 - p) * steps.reduce((a, x) => a + x * x, 0);
    expect(Math.abs(mean(final.samples) - (1000 + (1 - p) * 48))).toBeLessThan(4 * Math.sqrt(spread / 20_000));
    expect(variance(final.samples) / spread).toBeCloseTo(1, 1);
  });
  test('give each outcome as often as the list of all subsets does', () => {
    const three = [30, -20, 7];
    const samples = 20_000;
    const { final } = missedFills(
      three.map(x => trip(x)),
      { initialCapital: 100, samples, seed: 9, probability: 0.25 },
    );
    const fractions = [30 / 100, -20 / 130, 7 / 110];
    const drawn = shares(final.samples, samples);
    for (let subset = 0; subset < 8; subset++) {
      const filled = fractions.filter((_, i) => (subset >> i) & 1);
      const equity = filled.reduce((a, f) => a * (1 + f), 100);
      const share = 0.75 ** filled.length * 0.25 ** (3 - filled.length);
      expect(Math.abs((drawn.get(equity.toFixed(6)) ?? 0) - share)).toBeLessThan(0.015);
    }
  });
  test('of none and of all are the run itself and the bare capital', () => {
    const at = (probability: number) => missedFills(trips, { initialCapital: 1000, samples: 4, seed: 1, probability, sizing: 'fixed' });
    expect([...at(0).final.samples]).toEqual([1048, 1048, 1048, 1048]);
    expect([...at(1).final.samples]).toEqual([1000, 1000, 1000, 1000]);
    expect(Math.abs(at(1).maxDrawdown.samples[0]!)).toBe(0);
  });
});

describe('simulations of trades', () => {
  const options = { initialCapital: 1000, samples: 50, seed: 'a' };
  const trips = [10, -5, 20, -30, 5].map(x => trip(x));
  test('are the same for the same seed', () => {
    expect(tradeOrder(trips, options)).toEqual(tradeOrder(trips, options));
    expect(missedFills(trips, { ...options, probability: 0.5 })).toEqual(missedFills(trips, { ...options, probability: 0.5 }));
    expect(tradeOrder(trips, { ...options, seed: 'b' }).maxDrawdown.samples).not.toEqual(tradeOrder(trips, options).maxDrawdown.samples);
  });
  test('refuse what they cannot do', () => {
    expect(() => tradeOrder([], options)).toThrow(UserError);
    expect(() => tradeOrder(trips, { ...options, samples: 0 })).toThrow(UserError);
    expect(() => tradeOrder(trips, { ...options, initialCapital: 0 })).toThrow(UserError);
    expect(() => tradeOrder([trip(-1000)], options)).toThrow('no share');
    expect(tradeOrder([trip(-1500)], { ...options, sizing: 'fixed' }).maxDrawdown.observed).toBe(-1.5);
    expect(() => missedFills(trips, { ...options, probability: 1.5 })).toThrow(UserError);
  });
});
