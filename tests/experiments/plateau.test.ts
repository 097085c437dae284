import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plateau } from '../../src/experiments/plateau.js';
import type { Observation } from '../../src/experiments/samplers/sampler.js';
import { random } from '../../src/random.js';
import { choice, float, int } from '../../src/strategies/params.js';

const square = { x: float(0, 1, { default: 0 }), y: float(0, 1, { default: 0 }) };
const at = (x: number, y: number, objective: number | null): Observation => ({ params: { x, y }, objective });

describe('a plateau', () => {
  test('is preferred to a lone spike on noise, however high, wherever both lie', () => {
    const place = fc.double({ min: 0.2, max: 0.8, noNaN: true });
    fc.assert(
      fc.property(fc.integer(), place, place, fc.double({ min: 2, max: 1000, noNaN: true }), (seed, cx, cy, height) => {
        const draw = random(seed);
        const hill = (x: number, y: number): number => 3 * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 0.08);
        const all = Array.from({ length: 150 }, () => [draw.next(), draw.next()] as const).map(([x, y]) =>
          at(x, y, hill(x, y) + 0.3 * draw.normal()),
        );
        // The spike stands on a point far from the hill.
        const far = all.findIndex(({ params }) => hill(Number(params['x']), Number(params['y'])) < 0.15);
        fc.pre(far >= 0);
        const spiked = all.with(far, { ...all[far]!, objective: height });
        const chosen = plateau(square, spiked).chosen!;
        expect(chosen).not.toBe(far);
        const { x, y } = spiked[chosen]!.params;
        expect(hill(Number(x), Number(y))).toBeGreaterThan(1.5);
      }),
      { numRuns: 40 },
    );
  });

  test('is not made of a hundred looks at one spike', () => {
    const draw = random(2);
    const all = [
      ...Array.from({ length: 100 }, () => at(0.8 + 0.01 * draw.next(), 0.2 + 0.01 * draw.next(), 9)),
      ...Array.from({ length: 200 }, () => [draw.next(), draw.next()] as const).map(([x, y]) =>
        at(x, y, Math.max(0, 3 - 8 * Math.abs(x - 0.3) - 8 * Math.abs(y - 0.7)) + 0.1 * draw.normal()),
      ),
    ];
    expect(plateau(square, all, { nearest: 9 }).chosen).toBeGreaterThanOrEqual(100);
  });

  test('score is the quartile of the neighbourhood, worked by hand on a line', () => {
    // Spaced wider than half the radius: every weight is 1.
    const space = { x: float(0, 1, { default: 0 }) };
    const line = [5, 1, 4, 2, 3].map((objective, i): Observation => ({ params: { x: i / 4 }, objective }));
    const { scores, chosen } = plateau(space, line, { radius: 0.25, nearest: 2, quantile: 0.5 });
    expect(scores.map(({ neighbours }) => neighbours[0])).toEqual([0, 1, 2, 3, 4]);
    expect(scores.map(({ neighbours }) => neighbours.toSorted())).toEqual([
      [0, 1],
      [0, 1, 2],
      [1, 2, 3],
      [2, 3, 4],
      [3, 4],
    ]);
    expect(scores.map(({ score }) => score)).toEqual([1, 4, 2, 3, 2]);
    expect(chosen).toBe(1);
  });

  test('counts what was not eligible as the worst, and never chooses it', () => {
    const space = { x: int(1, 5, { default: 1 }) };
    const line = [3, null, 9, null, 3].map((objective, i): Observation => ({ params: { x: i + 1 }, objective }));
    const { scores, chosen } = plateau(space, line, { radius: 0.01, nearest: 3, quantile: 0.5 });
    expect(scores.map(({ score }) => score)).toEqual([3, null, 3, null, 3]);
    // Equal scores: the higher objective.
    expect(chosen).toBe(2);
    expect(plateau(space, [{ params: { x: 1 }, objective: null }]).chosen).toBeUndefined();
    expect(plateau(space, [])).toEqual({ scores: [], chosen: undefined });
    expect(plateau(space, [{ params: { x: 4 }, objective: 7 }]).chosen).toBe(0);
  });

  test('keeps choices apart: a good neighbour of another kind is no neighbour', () => {
    const space = { n: int(1, 20, { default: 1 }), kind: choice(['a', 'b', 'c']) };
    const all = ['a', 'b', 'c'].flatMap(kind =>
      Array.from({ length: 20 }, (_, i): Observation => ({ params: { n: i + 1, kind }, objective: kind === 'b' ? 2 : i === 9 ? 8 : 0 })),
    );
    const { scores, chosen } = plateau(space, all);
    expect(all[chosen!]!.params['kind']).toBe('b');
    for (const { index, neighbours } of scores) for (const j of neighbours) expect(all[j]!.params['kind']).toBe(all[index]!.params['kind']);
  });

  test('does not depend on the order of the observations', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 3 })), {
          minLength: 1,
          maxLength: 9,
          selector: ([n]) => n,
        }),
        pairs => {
          const space = { n: int(1, 9, { default: 1 }) };
          const all = pairs.map(([n, objective]): Observation => ({ params: { n }, objective: objective === 0 ? null : objective }));
          const turned = all.toReversed();
          const [one, other] = [plateau(space, all), plateau(space, turned)];
          expect(one.chosen === undefined ? undefined : all[one.chosen]).toEqual(
            other.chosen === undefined ? undefined : turned[other.chosen],
          );
        },
      ),
    );
  });

  test('refuses neighbourhoods that are none', () => {
    expect(() => plateau(square, [], { radius: 0 })).toThrow('radius');
    expect(() => plateau(square, [], { nearest: 1 })).toThrow('neighbours');
    expect(() => plateau(square, [], { quantile: 2 })).toThrow('quantile');
  });
});
