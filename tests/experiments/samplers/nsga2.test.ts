import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Params } from '../../../src/engine/run-result.js';
import { crowdingDistances } from '../../../src/experiments/samplers/crowding.js';
import { hypervolume } from '../../../src/experiments/samplers/hypervolume.js';
import { dominates, nonDominated, nonDominatedSort } from '../../../src/experiments/samplers/non-dominated.js';
import { nsga2 } from '../../../src/experiments/samplers/nsga2.js';
import { randomSearch } from '../../../src/experiments/samplers/random-search.js';
import type { Sampler } from '../../../src/experiments/samplers/sampler.js';
import { unitCube } from '../../../src/experiments/samplers/unit-cube.js';
import { polynomialMutation, simulatedBinaryCrossover } from '../../../src/experiments/samplers/variation.js';
import { random } from '../../../src/random.js';
import { bool, choice, float, int } from '../../../src/strategies/params.js';
import { branin } from './test-functions.js';
import { WHOLE_FRONT, cubeOf, frontVolume } from './zdt1.js';

const unit = cubeOf(8);

const vectors = fc.array(
  fc.option(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }))),
  {
    maxLength: 25,
  },
);

describe('non-dominated sorting', () => {
  test('peels off fronts as taking away what is not dominated, again and again, does', () => {
    fc.assert(
      fc.property(vectors, all => {
        let left = [...all.keys()].filter(i => all[i] !== null);
        const expected: number[][] = [];
        while (left.length > 0) {
          const front = left.filter(i => !left.some(j => dominates(all[j]!, all[i]!)));
          expected.push(front);
          left = left.filter(i => !front.includes(i));
        }
        const ineligible = [...all.keys()].filter(i => all[i] === null);
        expect(nonDominatedSort(all)).toEqual(ineligible.length > 0 ? [...expected, ineligible] : expected);
        expect(nonDominated(all)).toEqual(expected[0] ?? []);
      }),
    );
  });

  test('lets a vector dominate what it is nowhere worse than and somewhere better', () => {
    expect(dominates([1, 2], [1, 1])).toBe(true);
    expect(dominates([1, 2], [1, 2])).toBe(false);
    expect(dominates([2, 1], [1, 2])).toBe(false);
  });
});

describe('crowding', () => {
  test('measures the box between neighbours, as parts of the front’s extent', () => {
    // By hand: extents 10 and 4; (2, 3) lies between (0, 4) and (6, 1), (6, 1) between (2, 3) and (10, 0).
    const room = crowdingDistances([
      [2, 3],
      [0, 4],
      [10, 0],
      [6, 1],
    ]);
    expect([...room]).toEqual([6 / 10 + 3 / 4, Infinity, Infinity, 8 / 10 + 3 / 4]);
    expect([...crowdingDistances([])]).toEqual([]);
  });
});

describe('hypervolume', () => {
  test('is the share of a grid that some point dominates', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -2, max: 12 }), fc.integer({ min: -2, max: 12 })), { maxLength: 12 }), points => {
        let cells = 0;
        for (let x = 0; x < 12; x++) for (let y = 0; y < 12; y++) if (points.some(([a, b]) => a >= x + 1 && b >= y + 1)) cells++;
        expect(hypervolume(points, [0, 0])).toBe(cells);
      }),
    );
  });

  test('owes nothing to what is dominated', () => {
    const draw = random(6);
    const all = Array.from({ length: 200 }, () => [draw.next(), draw.next()] as const);
    const front = nonDominated(all).map(i => all[i]!);
    expect(front.length).toBeLessThan(30);
    expect(hypervolume(front, [0, 0])).toBe(hypervolume(all, [0, 0]));
  });

  test('of the whole front of ZDT1 is 2/3, as the integral of √f says', () => {
    const front = Array.from({ length: 20_001 }, (_, i) => [-i / 20_000, -(1 - Math.sqrt(i / 20_000))] as const);
    expect(hypervolume(front, [-1, -1])).toBeCloseTo(WHOLE_FRONT, 4);
  });
});

describe('variation', () => {
  const cube = unitCube({ a: float(0, 1, { default: 0 }), b: float(0, 1, { default: 0 }) });
  const draw = random(1);

  test('crosses within the cube, and keeps the mean of parents that are far from its border', () => {
    const cross = simulatedBinaryCrossover(cube);
    for (let i = 0; i < 500; i++) {
      const [a, b] = [Float64Array.of(draw.next(), 0.49), Float64Array.of(draw.next(), 0.51)];
      const [c, d] = cross(a, b, draw);
      for (const child of [c, d]) expect(child.every(x => x >= 0 && x <= 1)).toBe(true);
      // With room on both sides β has the same law below and above, from the same draw.
      expect((c[1]! + d[1]!) / 2).toBeCloseTo(0.5, 9);
    }
  });

  test('spreads children by the polynomial law with index 15', () => {
    const cross = simulatedBinaryCrossover(cube);
    let [contracting, moved] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
      const [c, d] = cross(Float64Array.of(0.499, 0.5), Float64Array.of(0.501, 0.5), draw);
      const beta = Math.abs(c[0]! - d[0]!) / 0.002;
      if (Math.abs(beta - 1) < 1e-9) continue;
      moved++;
      // P(β ≤ 0.95) = ½ · 0.95¹⁶ = 0.22.
      if (beta <= 0.95) contracting++;
    }
    const expected = 0.5 * 0.95 ** 16;
    expect(Math.abs(contracting / moved - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / moved));
    // 0.9 of couples cross, each coordinate with chance ½.
    expect(Math.abs(moved / 20_000 - 0.45)).toBeLessThan(0.015);
  });

  test('mutates one coordinate on average, by steps with the median that index 20 gives', () => {
    const mutate = polynomialMutation(cube);
    const steps: number[] = [];
    const n = 20_000;
    for (let i = 0; i < n; i++) {
      const point = Float64Array.of(0.5, 0.5);
      mutate(point, draw);
      for (const x of point) if (x !== 0.5) steps.push(Math.abs(x - 0.5));
    }
    expect(Math.abs(steps.length / n - 1)).toBeLessThan(0.03);
    // The border is 0.5 away and 0.5²¹ is nothing: |δ| = 1 − (2u)^(1/21) with 2u uniform, so the median is 1 − ½^(1/21). Four standard errors.
    const median = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)]!;
    expect(Math.abs(median - (1 - 0.5 ** (1 / 21)))).toBeLessThan(0.0014);
  });
});

describe('NSGA-II', () => {
  test('reaches 95 % of the hypervolume of ZDT1, where random search is nowhere near', () => {
    const trials = 2400;
    for (const seed of [1, 2]) {
      const volume = frontVolume(nsga2(unit, { trials, seed, population: 40 }), trials, [-1, -1]);
      expect(volume).toBeGreaterThan(0.95 * WHOLE_FRONT);
      expect(volume).toBeLessThanOrEqual(WHOLE_FRONT);
      expect(frontVolume(randomSearch(unit, { trials, seed }), trials, [-1, -1])).toBeLessThan(0.5 * WHOLE_FRONT);
    }
  });

  test('beats random search after 300 trials as well', () => {
    const volumes = (make: (seed: number) => Sampler): number[] => [1, 2, 3, 4, 5].map(seed => frontVolume(make(seed), 300, [-1, -10]));
    const bred = volumes(seed => nsga2(unit, { trials: 300, seed }));
    const drawn = volumes(seed => randomSearch(unit, { trials: 300, seed }));
    expect(Math.min(...bred)).toBeGreaterThan(Math.max(...drawn));
  });

  test('takes one objective too, keeps to its constraint and ranks what is not eligible last', () => {
    const space = {
      n: int(1, 30, { default: 1 }),
      kind: choice(['a', 'b', 'c']),
      on: bool({ default: true }),
      x: float(0, 1, { default: 0 }),
    };
    const constraint = (p: Params): boolean => Number(p['n']) % 2 === 0;
    const sampler = nsga2(space, { trials: 400, seed: 1, population: 20, constraint });
    const all: Params[] = [];
    for (;;) {
      const asked = sampler.ask(20);
      if (asked.length === 0) break;
      all.push(...asked);
      sampler.tell(
        asked.map(params => ({ params, objective: params['kind'] === 'b' ? null : Number(params['n']) - 10 * Number(params['x']) })),
      );
    }
    expect(all.length).toBe(400);
    expect(new Set(all.map(p => JSON.stringify(p))).size).toBe(400);
    expect(all.every(constraint)).toBe(true);
    const late = all.slice(300);
    expect(late.filter(({ kind }) => kind === 'b').length).toBeLessThan(20);
    expect(late.filter(({ n, x }) => Number(n) >= 28 && Number(x) < 0.1).length).toBeGreaterThan(50);
  });

  test('gives the same generations however they are asked for and answered', () => {
    const list = (part: number, turn: boolean): readonly Params[] => {
      const sampler = nsga2(branin.space, { trials: 96, seed: 4 });
      const all: Params[] = [];
      for (let asked = sampler.ask(part); asked.length > 0; asked = sampler.ask(part)) {
        all.push(...asked);
        const answers = asked.map(params => ({ params, objective: -branin.value(params) }));
        sampler.tell(turn ? answers.toReversed() : answers);
      }
      return all;
    };
    expect(list(24, true)).toEqual(list(24, false));
    expect(list(100, false)).toEqual(list(24, false));
  });

  test('ends when a finite space is exhausted, and refuses to evolve three', () => {
    const sampler = nsga2({ a: int(1, 5, { default: 1 }), b: bool({ default: true }) }, { trials: 100, seed: 1, population: 4 });
    let count = 0;
    for (let asked = sampler.ask(4); asked.length > 0; asked = sampler.ask(4)) {
      count += asked.length;
      sampler.tell(asked.map(params => ({ params, objective: Number(params['a']) })));
    }
    expect(count).toBe(10);
    expect(() => nsga2(unit, { trials: 9, seed: 1, population: 3 })).toThrow('cannot evolve');
  });
});
