import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Params } from '../../../src/engine/run-result.js';
import { bayesianSearch } from '../../../src/experiments/samplers/bayesian.js';
import { randomSearch } from '../../../src/experiments/samplers/random-search.js';
import type { Sampler } from '../../../src/experiments/samplers/sampler.js';
import { bool, choice, float, int } from '../../../src/strategies/params.js';
import { regretCurve } from './regret.js';
import { branin, hartmann6 } from './test-functions.js';

const mixed = {
  n: int(1, 40, { default: 1 }),
  x: float(0.001, 10, { default: 1, log: true }),
  kind: choice(['close', 'typical', 'open', 'median']),
  on: bool({ default: false }),
};
/** Best at n = 30, x = 0.1, 'open' and on. */
const value = (p: Params): number =>
  -Math.abs(Number(p['n']) - 30) / 10 -
  Math.abs(Math.log10(Number(p['x'])) + 1) -
  (p['kind'] === 'open' ? 0 : 1) -
  (p['on'] === true ? 0 : 1);

const through = (sampler: Sampler, objective: (params: Params) => number | null): readonly Params[] => {
  const all: Params[] = [];
  for (;;) {
    const asked = sampler.ask(sampler.batch);
    if (asked.length === 0) return all;
    all.push(...asked);
    sampler.tell(asked.map(params => ({ params, objective: objective(params) })));
  }
};

describe('Bayesian optimisation', () => {
  test('beats random search of four times the trials, on Branin and Hartmann-6', () => {
    for (const [on, trials] of [
      [branin, 28],
      [hartmann6, 40],
    ] as const) {
      const middle = (make: (seed: number) => Sampler, budget: number): number =>
        [1, 2, 3].map(seed => regretCurve(make(seed), on, budget)[budget - 1]!).toSorted((a, b) => a - b)[1]!;
      const learnt = middle(seed => bayesianSearch(on.space, { trials, seed }), trials);
      expect(learnt).toBeLessThan(middle(seed => randomSearch(on.space, { trials: 4 * trials, seed }), 4 * trials));
    }
  });

  test('finds the best of numbers, logarithms, choices and switches together', () => {
    const all = through(bayesianSearch(mixed, { trials: 48, seed: 3 }), value);
    // A random draw is this good about once in 1,500.
    expect(Math.max(...all.map(value))).toBeGreaterThan(-0.3);
  });

  test('keeps away from where nothing is eligible', () => {
    const all = through(bayesianSearch(branin.space, { trials: 40, seed: 5 }), p => (Number(p['x1']) < 2.5 ? null : -branin.value(p)));
    // Half of the space by area.
    expect(all.slice(20).filter(p => Number(p['x1']) < 2.5).length).toBeLessThan(4);
  });

  test('proposes configurations once, under the constraint, as many as were asked for or as there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 7 }), fc.integer(), (trials, batch, seed) => {
        const space = { a: int(1, 5, { default: 1 }), b: int(1, 5, { default: 5 }) };
        const constraint = (p: Params): boolean => Number(p['a']) < Number(p['b']);
        const all = through(bayesianSearch(space, { trials, batch, seed, constraint }), p => Number(p['a']) * Number(p['b']));
        expect(all.length).toBe(Math.min(10, trials));
        expect(new Set(all.map(p => JSON.stringify(p))).size).toBe(all.length);
        expect(all.every(constraint)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test('repeats itself for the same seed and answers, in whatever order they come', () => {
    const list = (turn: boolean, seed: number): readonly Params[] => {
      const sampler = bayesianSearch(branin.space, { trials: 16, seed });
      const all: Params[] = [];
      for (let asked = sampler.ask(4); asked.length > 0; asked = sampler.ask(4)) {
        all.push(...asked);
        const answers = asked.map(params => ({ params, objective: -branin.value(params) }));
        sampler.tell(turn ? answers.toReversed() : answers);
      }
      return all;
    };
    expect(list(true, 1)).toEqual(list(false, 1));
    expect(list(false, 2)).not.toEqual(list(false, 1));
  });

  test('spreads a batch: what is being evaluated is not proposed again nearby', () => {
    const sampler = bayesianSearch(branin.space, { trials: 40, seed: 2, initial: 12 });
    for (let i = 0; i < 3; i++) sampler.tell(sampler.ask(4).map(params => ({ params, objective: -branin.value(params) })));
    const six = [...sampler.ask(3), ...sampler.ask(3)].map(p => [(Number(p['x1']) + 5) / 15, Number(p['x2']) / 15] as const);
    for (const [i, a] of six.entries())
      for (const b of six.slice(i + 1)) expect(Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])).toBeGreaterThan(0.01);
  });

  test('learns nothing from equal answers, and goes on', () => {
    expect(through(bayesianSearch(branin.space, { trials: 20, seed: 1 }), () => 0).length).toBe(20);
    expect(through(bayesianSearch(branin.space, { trials: 20, seed: 1 }), () => null).length).toBe(20);
    expect(() => bayesianSearch(mixed, { trials: 0, seed: 1 })).toThrow('number of trials');
    expect(() => bayesianSearch(mixed, { trials: 9, seed: 1, batch: 0 })).toThrow('at a time');
  });
});
