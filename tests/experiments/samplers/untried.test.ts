import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Params } from '../../../src/engine/run-result.js';
import { unitCube } from '../../../src/experiments/samplers/unit-cube.js';
import { untried } from '../../../src/experiments/samplers/untried.js';
import { bool, float, int } from '../../../src/strategies/params.js';

const digits = unitCube({ a: int(0, 9, { default: 0 }), b: bool({ default: false }) });

describe('what a search has not tried', () => {
  test('is given once, of whatever is asked in whatever order, until a finite space is used up', () => {
    const step = fc.record({
      n: fc.integer({ min: 0, max: 7 }),
      candidates: fc.array(fc.tuple(fc.double({ min: -0.5, max: 1.5, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))),
    });
    fc.assert(
      fc.property(fc.array(step), fc.integer(), (steps, seed) => {
        const constraint = (p: Params): boolean => Number(p['a']) % 3 !== 1;
        const left = untried({ cube: digits, constraint, seed });
        const given: Params[] = [];
        for (const { n, candidates } of steps) {
          const taken = left.take(n, candidates);
          expect(taken).toHaveLength(Math.min(n, 14 - given.length));
          given.push(...taken);
        }
        given.push(...left.take(100));
        expect(given).toHaveLength(14);
        expect(new Set(given.map(digits.keyOf)).size).toBe(14);
        expect(given.every(constraint)).toBe(true);
        expect(left.take(5)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('starts with the candidates, in their order, and draws no more of them than it needs', () => {
    let drawn = 0;
    const points = function* (): Generator<readonly number[]> {
      for (const a of [0.95, 0.05, 0.95, 0.55, 0.35]) {
        drawn++;
        yield [a, 0.1];
      }
    };
    const left = untried({ cube: digits, seed: 1 });
    expect(left.take(3, points()).map(({ a }) => a)).toEqual([9, 0, 5]);
    expect(drawn).toBe(4);
    expect(left.at([0.95, 0.1])).toBeUndefined();
    expect(left.at([0.95, 0.9])).toEqual({ a: 9, b: true });
    expect(left.at([0.95, 0.9])).toBeUndefined();
  });

  test('finds what few a constraint leaves of a listable space, and says when there is none', () => {
    const cube = unitCube({ a: int(1, 200, { default: 1 }), b: int(1, 200, { default: 1 }) });
    const constraint = (p: Params): boolean => p['a'] === 17 && Number(p['b']) > 190;
    const left = untried({ cube, constraint, seed: 3 });
    const bs = [...left.take(4), ...left.take(50)].map(({ b }) => Number(b)).toSorted((x, y) => x - y);
    expect(bs).toEqual([191, 192, 193, 194, 195, 196, 197, 198, 199, 200]);
    const none = untried({ cube: unitCube({ x: float(0, 1, { default: 0 }) }), constraint: () => false, seed: 3 });
    expect(() => none.take(1)).toThrow('constraint');
  });
});
