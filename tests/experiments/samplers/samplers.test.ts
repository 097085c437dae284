import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Params } from '../../../src/engine/run-result.js';
import { cmaEs } from '../../../src/experiments/samplers/cma-es.js';
import { gridSearch } from '../../../src/experiments/samplers/grid.js';
import { latinHypercubeSearch } from '../../../src/experiments/samplers/latin-hypercube.js';
import { randomSearch } from '../../../src/experiments/samplers/random-search.js';
import { SamplerConfig, samplerOf } from '../../../src/experiments/samplers/sampler-config.js';
import type { Sampler } from '../../../src/experiments/samplers/sampler.js';
import { sobolSearch } from '../../../src/experiments/samplers/sobol.js';
import { tpe } from '../../../src/experiments/samplers/tpe.js';
import { random } from '../../../src/random.js';
import { bool, choice, float, int } from '../../../src/strategies/params.js';
import type { Param, ParamSpace } from '../../../src/strategies/params.js';

const intParam = fc
  .record({
    min: fc.integer({ min: 1, max: 50 }),
    width: fc.integer({ min: 0, max: 100 }),
    step: fc.integer({ min: 1, max: 7 }),
    log: fc.boolean(),
  })
  .map(({ min, width, step, log }) => int(min, min + width, { default: min, step, log }));
const floatParam = fc
  .record({
    min: fc.double({ min: 0.001, max: 10, noNaN: true }),
    width: fc.double({ min: 0.5, max: 100, noNaN: true }),
    step: fc.option(fc.double({ min: 0.1, max: 3, noNaN: true })),
    log: fc.boolean(),
  })
  .map(({ min, width, step, log }) => float(min, min + width, { default: min, log, ...(step === null ? {} : { step }) }));
const param: fc.Arbitrary<Param> = fc.oneof(
  intParam,
  floatParam,
  fc.constant(bool({ default: false })),
  fc.constant(choice(['close', 'typical', 'open'])),
);
const space: fc.Arbitrary<ParamSpace> = fc.dictionary(fc.constantFrom('a', 'b', 'c'), param, { minKeys: 1 });

const everything = (sampler: Sampler): readonly Params[] => sampler.ask(1e9);
/** Everything a sampler proposes when it is told made-up objectives, some of them ineligible. */
const answered = (sampler: Sampler, seed: number): readonly Params[] => {
  const source = random(seed);
  const all: Params[] = [];
  for (;;) {
    const asked = sampler.ask(sampler.batch);
    if (asked.length === 0) return all;
    all.push(...asked);
    sampler.tell(asked.map(params => ({ params, objective: source.int(3) === 0 ? null : source.normal() })));
  }
};
const SEEDED = { random: randomSearch, sobol: sobolSearch, 'latin-hypercube': latinHypercubeSearch, tpe, 'cma-es': cmaEs };
const keys = (all: readonly Params[]): string[] => all.map(params => JSON.stringify(params));

const expectWithin = (params: Params, within: ParamSpace): void => {
  expect(Object.keys(params)).toEqual(Object.keys(within));
  for (const [name, one] of Object.entries(within)) {
    const value = params[name];
    if (one.kind === 'bool') expect(value).toBeTypeOf('boolean');
    else if (one.kind === 'choice') expect(one.values).toContain(value);
    else {
      if (typeof value !== 'number') throw new Error(`${name} is no number`);
      expect(value).toBeGreaterThanOrEqual(one.min * (1 - 1e-11));
      expect(value).toBeLessThanOrEqual(one.max * (1 + 1e-11));
      if (one.kind === 'int') expect(Number.isInteger(value)).toBe(true);
      if (one.step !== null) {
        const steps = (value - one.min) / one.step;
        expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6);
      }
    }
  }
};

describe('every sampler', () => {
  test('proposes each configuration once, within its ranges and on its steps', () => {
    fc.assert(
      fc.property(space, fc.integer({ min: 1, max: 60 }), fc.integer(), (one, trials, seed) => {
        for (const all of [everything(gridSearch(one, { points: 4 })), everything(randomSearch(one, { trials, seed }))]) {
          expect(all.length).toBeGreaterThan(0);
          expect(new Set(keys(all)).size).toBe(all.length);
          for (const params of all) expectWithin(params, one);
        }
      }),
    );
  });

  test('proposes only what satisfies the constraint', () => {
    const two = { fast: int(5, 60, { default: 20 }), slow: int(20, 240, { default: 50 }) };
    const constraint = (p: Params): boolean => Number(p['fast']) < Number(p['slow']);
    for (const sampler of [gridSearch(two, { points: 8, constraint }), randomSearch(two, { trials: 300, seed: 1, constraint })])
      expect(everything(sampler).every(constraint)).toBe(true);
    const never = (): boolean => false;
    expect(() => gridSearch(two, { constraint: never })).toThrow('constraint');
    expect(() => randomSearch(two, { trials: 3, seed: 1, constraint: never })).toThrow('constraint');
  });

  test('with a number of trials proposes that many, or all of a finite space, whatever it is told', () => {
    const constraint = (p: Params): boolean => p['a'] === undefined || p['b'] === undefined || String(p['a']) !== String(p['b']);
    fc.assert(
      fc.property(space, fc.integer({ min: 1, max: 40 }), fc.integer(), (one, trials, seed) => {
        const whole = everything(randomSearch(one, { trials, seed, constraint })).length;
        for (const make of Object.values(SEEDED)) {
          const all = answered(make(one, { trials, seed, constraint }), seed);
          expect(all).toHaveLength(whole);
          expect(new Set(keys(all)).size).toBe(whole);
          expect(all.every(constraint)).toBe(true);
          for (const params of all) expectWithin(params, one);
          expect(answered(make(one, { trials, seed, constraint }), seed)).toEqual(all);
          expect(everything(make(one, { trials, seed, constraint }))).toHaveLength(whole);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('refuses a number of trials that is none, and a space that the constraint leaves empty', () => {
    const one = { a: float(0, 1, { default: 0 }) };
    for (const make of Object.values(SEEDED)) {
      expect(() => make(one, { trials: 0, seed: 1 })).toThrow('0 is not a number of trials');
      expect(() => everything(make(one, { trials: 2, seed: 1, constraint: () => false }))).toThrow('constraint');
    }
  });

  test('hands out its list in parts of any size, and then nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), asks => {
        const one = { a: int(1, 5, { default: 1 }), b: bool({ default: true }) };
        const whole = everything(gridSearch(one));
        const sampler = gridSearch(one);
        const parts = asks.map(n => sampler.ask(n));
        parts.forEach((part, i) => expect(part.length).toBeLessThanOrEqual(asks[i]!));
        expect(parts.flat()).toEqual(whole.slice(0, parts.flat().length));
        expect(sampler.ask(100).length + parts.flat().length).toBe(10);
        expect(sampler.ask(1)).toEqual([]);
      }),
    );
  });
});

describe('grid search', () => {
  test('takes every step where there are few, the last parameter varying fastest', () => {
    const all = everything(gridSearch({ n: int(1, 3, { default: 1 }), x: float(0.1, 0.3, { default: 0.1, step: 0.1 }) }, { points: 10 }));
    expect(all).toEqual([1, 2, 3].flatMap(n => [0.1, 0.2, 0.3].map(x => ({ n, x }))));
  });

  test('caps the points of a parameter and keeps both ends', () => {
    const values = (p: Param, points: number) => everything(gridSearch({ p }, { points })).map(({ p: value }) => value);
    expect(values(int(0, 100, { default: 0 }), 5)).toEqual([0, 25, 50, 75, 100]);
    expect(values(float(0, 1, { default: 0 }), 3)).toEqual([0, 0.5, 1]);
    expect(values(float(0.001, 10, { default: 1, log: true }), 5)).toEqual([0.001, 0.01, 0.1, 1, 10]);
    expect(values(int(1, 1024, { default: 1, log: true }), 6)).toEqual([1, 4, 16, 64, 256, 1024]);
    expect(values(int(5, 9, { default: 7 }), 1)).toEqual([7]);
  });

  test('refuses a grid that nobody could run', () => {
    const wide = Object.fromEntries(['a', 'b', 'c', 'd'].map(name => [name, float(0, 1, { default: 0 })]));
    expect(() => gridSearch(wide, { points: 100 })).toThrow('100000000 combinations');
  });
});

describe('random search', () => {
  test('gives the same list for the same seed and another for another', () => {
    const one = { a: float(0, 1, { default: 0 }), b: int(1, 1000, { default: 1 }) };
    const list = (seed: number) => everything(randomSearch(one, { trials: 20, seed }));
    expect(list(7)).toEqual(list(7));
    expect(list(8)).not.toEqual(list(7));
  });

  test('finds all of a small space, however few the constraint leaves', () => {
    const one = { a: int(1, 200, { default: 1 }), b: int(1, 200, { default: 1 }) };
    const constraint = (p: Params): boolean => p['a'] === 17 && Number(p['b']) > 190;
    const all = everything(randomSearch(one, { trials: 50, seed: 3, constraint }));
    expect(all.map(({ b }) => Number(b)).toSorted((x, y) => x - y)).toEqual([191, 192, 193, 194, 195, 196, 197, 198, 199, 200]);
  });

  test('spreads a logarithmic parameter evenly over its decades and a linear one over its range', () => {
    const trials = 4000;
    const all = everything(
      randomSearch({ x: float(0.001, 1000, { default: 1, log: true }), y: float(0, 6, { default: 1 }) }, { trials, seed: 11 }),
    );
    for (let decade = 0; decade < 6; decade++) {
      const inDecade = all.filter(({ x }) => Math.floor(Math.log10(Number(x)) + 3) === decade).length;
      const inSixth = all.filter(({ y }) => Math.floor(Number(y)) === decade).length;
      // Binomial: mean 667, standard deviation 24; five of them.
      expect(Math.abs(inDecade - trials / 6)).toBeLessThan(120);
      expect(Math.abs(inSixth - trials / 6)).toBeLessThan(120);
    }
  });
});

describe('a search by configuration', () => {
  const scope = { space: { fast: int(5, 7, { default: 5 }), slow: int(6, 8, { default: 8 }) }, fixed: { slow: 7 } };

  test('keeps fixed parameters at their values and every configuration whole', () => {
    const constraint = (p: Params): boolean => Number(p['fast']) < Number(p['slow']);
    const all = everything(samplerOf({ kind: 'grid', points: 5 }, { ...scope, constraint }, 1));
    expect(all).toEqual([
      { fast: 5, slow: 7 },
      { fast: 6, slow: 7 },
    ]);
    for (const params of everything(samplerOf({ kind: 'random', trials: 2 }, scope, 1))) expect(params['slow']).toBe(7);
  });

  test('takes every sampler by its name and lets it learn from whole configurations', () => {
    const wide = { space: { x: float(0, 1, { default: 0 }), y: float(0, 1, { default: 0 }) }, fixed: { y: 0.25 } };
    for (const kind of ['random', 'sobol', 'latin-hypercube', 'tpe', 'cma-es']) {
      const sampler = samplerOf(SamplerConfig.parse({ kind, trials: 80 }), wide, 3);
      const all: number[] = [];
      for (;;) {
        const asked = sampler.ask(sampler.batch);
        if (asked.length === 0) break;
        expect(asked.every(params => params['y'] === 0.25)).toBe(true);
        sampler.tell(asked.map(params => ({ params, objective: -Math.abs(Number(params['x']) - 0.8) })));
        all.push(...asked.map(params => Number(params['x'])));
      }
      expect(all).toHaveLength(80);
      const near = all.slice(40).filter(x => Math.abs(x - 0.8) < 0.1).length;
      // A fifth of what is spread evenly lies that near.
      if (kind === 'tpe' || kind === 'cma-es') expect(near).toBeGreaterThan(20);
      else expect(near).toBeLessThan(20);
    }
  });

  test('takes a list as it is and refuses what the strategy does not know', () => {
    expect(everything(samplerOf({ kind: 'list', configurations: [{ fast: 6 }] }, scope, 1))).toEqual([{ fast: 6, slow: 7 }]);
    expect(() => samplerOf({ kind: 'list', configurations: [{ fats: 6 }] }, scope, 1)).toThrow('Did you mean "fast"?');
  });
});
