import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Params } from '../../src/engine/run-result.js';
import { growBoxes, valueInBoxes } from '../../src/experiments/importance/box-tree.js';
import type { Box } from '../../src/experiments/importance/box-tree.js';
import { functionalAnova } from '../../src/experiments/importance/functional-anova.js';
import { parameterImportance } from '../../src/experiments/parameter-importance.js';
import { randomSearch } from '../../src/experiments/samplers/random-search.js';
import { tpe } from '../../src/experiments/samplers/tpe.js';
import { random } from '../../src/random.js';
import { choice, float, int } from '../../src/strategies/params.js';

const cut = (boxes: readonly Box[], draw: ReturnType<typeof random>): Box[] =>
  boxes.flatMap(({ low, high }) => {
    const side = draw.int(low.length);
    // Cuts on a grid of eighths, so that a slow sum over the grid's cells is exact.
    const [from, to] = [low[side]! * 8, high[side]! * 8];
    if (to - from < 2) return [{ low, high, value: draw.normal() }];
    const at = (from + 1 + draw.int(to - from - 1)) / 8;
    return [
      { low, high: high.with(side, at), value: draw.normal() },
      { low: low.with(side, at), high, value: draw.normal() },
    ];
  });

describe('the functional analysis of variance', () => {
  test('agrees with a slow sum over the cells of a grid', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const draw = random(seed);
        let boxes: Box[] = [{ low: new Float64Array(3), high: new Float64Array(3).fill(1), value: 0 }];
        for (let i = 0; i < 4; i++) boxes = cut(boxes, draw);
        const cells: { index: number[]; value: number }[] = [];
        for (let a = 0; a < 8; a++)
          for (let b = 0; b < 8; b++)
            for (let c = 0; c < 8; c++) {
              const point = Float64Array.of((a + 0.5) / 8, (b + 0.5) / 8, (c + 0.5) / 8);
              cells.push({ index: [a, b, c], value: valueInBoxes(boxes, point) });
            }
        const average = (all: readonly number[]): number => all.reduce((x, y) => x + y, 0) / all.length;
        const mean = average(cells.map(({ value }) => value));
        const varianceOver = (sides: readonly number[]): number => {
          const groups = new Map<string, number[]>();
          for (const { index, value } of cells) {
            const key = sides.map(side => index[side]).join();
            const group = groups.get(key);
            if (group) group.push(value);
            else groups.set(key, [value]);
          }
          return average([...groups.values()].map(group => (average(group) - mean) ** 2));
        };
        const parts = functionalAnova(boxes);
        expect(parts.mean).toBeCloseTo(mean, 9);
        expect(parts.total).toBeCloseTo(varianceOver([0, 1, 2]), 9);
        for (const side of [0, 1, 2]) expect(parts.mains[side]).toBeCloseTo(varianceOver([side]), 9);
        const pairs = [
          [0, 1],
          [0, 2],
          [1, 2],
        ] as const;
        pairs.forEach(([one, other], p) =>
          expect(parts.pairs[p]).toBeCloseTo(varianceOver([one, other]) - varianceOver([one]) - varianceOver([other]), 9),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('a tree of boxes', () => {
  test('fills the cube, and gives each box the mean of its points', () => {
    const draw = random(3);
    const points = Array.from({ length: 80 }, () => Float64Array.of(draw.next(), draw.next()));
    const values = Float64Array.from(points, () => draw.normal());
    const boxes = growBoxes(points, values, [...points.keys()], { minLeaf: 4, sides: 1 }, draw);
    const volume = boxes.reduce((sum, { low, high }) => sum + (high[0]! - low[0]!) * (high[1]! - low[1]!), 0);
    expect(volume).toBeCloseTo(1, 12);
    for (const { low, high, value } of boxes) {
      const inside = [...points.keys()].filter(i => points[i]!.every((x, d) => x > low[d]! && x <= high[d]!));
      expect(inside.length).toBeGreaterThanOrEqual(4);
      expect(value).toBeCloseTo(inside.reduce((sum, i) => sum + values[i]!, 0) / inside.length, 12);
    }
  });

  test('cuts where a step is', () => {
    const points = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9].map(x => Float64Array.of(x));
    const boxes = growBoxes(points, Float64Array.of(1, 1, 1, 5, 5, 5), [0, 1, 2, 3, 4, 5], { minLeaf: 1, sides: 1 }, random(1));
    expect(boxes.map(({ high, value }) => [high[0], value])).toEqual([
      [0.5, 1],
      [1, 5],
    ]);
  });
});

const observed = (all: readonly Params[], f: (p: Params) => number | null) => all.map(params => ({ params, objective: f(params) }));
const shareOf = (effects: readonly { names: readonly string[]; share: number }[], ...names: string[]): number =>
  effects.find(effect => effect.names.join() === names.join())!.share;

describe('the importance of parameters', () => {
  const space = { a: float(0, 1, { default: 0 }), b: float(0.01, 100, { default: 1, log: true }), c: int(1, 50, { default: 1 }) };
  const u = (p: Params): number => (Math.log10(Number(p['b'])) + 2) / 4;

  test('finds the shares that integrals give, and nothing in what has no effect', () => {
    // Variances over the space: 2a gives 4/12, u gives 1/12: 80 % and 20 %.
    const all = randomSearch(space, { trials: 400, seed: 1 }).ask(400);
    const { effects, explained, configurations } = parameterImportance(
      space,
      observed(all, p => 2 * Number(p['a']) + u(p)),
      { seed: 1 },
    )!;
    expect(configurations).toBe(400);
    expect(explained).toBeGreaterThan(0.9);
    expect(shareOf(effects, 'a')).toBeCloseTo(0.8, 1);
    expect(shareOf(effects, 'b')).toBeCloseTo(0.2, 1);
    expect(shareOf(effects, 'c')).toBeLessThan(0.02);
    expect(effects.map(({ names }) => names.join()).slice(0, 2)).toEqual(['a', 'b']);
    expect(effects.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
  });

  test('sees two that matter only together', () => {
    const all = randomSearch(space, { trials: 500, seed: 2 }).ask(500);
    const { effects } = parameterImportance(
      space,
      observed(all, p => (Number(p['a']) > 0.5 === u(p) > 0.5 ? 1 : 0)),
      { seed: 1 },
    )!;
    expect(effects[0]!.names).toEqual(['a', 'b']);
    expect(effects[0]!.share).toBeGreaterThan(0.6);
  });

  test('says so when there is nothing but noise', () => {
    const draw = random(5);
    const all = randomSearch(space, { trials: 200, seed: 3 }).ask(200);
    expect(
      parameterImportance(
        space,
        observed(all, () => draw.normal()),
        { seed: 1 },
      )!.explained,
    ).toBeLessThan(0.1);
  });

  test('does not mind where a search looked most', () => {
    const wide = { ...space, kind: choice(['x', 'y', 'z']) };
    const f = (p: Params): number => 2 * Number(p['a']) + u(p) + (p['kind'] === 'y' ? 0.5 : 0);
    const sampler = tpe(wide, { trials: 250, seed: 1 });
    const all: Params[] = [];
    for (let asked = sampler.ask(4); asked.length > 0; asked = sampler.ask(4)) {
      all.push(...asked);
      sampler.tell(observed(asked, f));
    }
    // Variances 4/12, 1/12 and 0.25 · 2/9: 71 %, 18 % and 12 %.
    const { effects } = parameterImportance(wide, observed(all, f), { seed: 1 })!;
    expect(Math.abs(shareOf(effects, 'a') - 0.71)).toBeLessThan(0.15);
    expect(effects[0]!.names).toEqual(['a']);
    expect(shareOf(effects, 'c')).toBeLessThan(0.04);
  });

  test('repeats itself for a seed, leaves out what was not eligible and is null without enough to learn from', () => {
    const all = randomSearch(space, { trials: 60, seed: 4 }).ask(60);
    const half = observed(all, p => (Number(p['c']) > 25 ? null : Number(p['a'])));
    const eligible = half.filter(({ objective }) => objective !== null);
    expect(parameterImportance(space, half, { seed: 1 })).toEqual(parameterImportance(space, eligible, { seed: 1 }));
    expect(parameterImportance(space, half, { seed: 2 })).not.toEqual(parameterImportance(space, half, { seed: 1 }));
    expect(parameterImportance(space, half.slice(0, 10), { seed: 1 })).toBeNull();
    expect(
      parameterImportance(
        space,
        observed(all, () => 1),
        { seed: 1 },
      ),
    ).toBeNull();
    expect(() => parameterImportance(space, half, { seed: 1, trees: 1 })).toThrow('trees');
  });
});
