import { describe, expect, test } from 'vitest';
import type { ParamSpace } from '../../../src/strategies/params.js';
import { CONTESTANTS, COURSES, regretCurve, regretStudy } from './regret.js';
import { proposals } from '../../../src/experiments/samplers/proposals.js';
import { branin, hartmann6 } from './test-functions.js';

const at = (space: ParamSpace, x: readonly number[]): Record<string, number> =>
  Object.fromEntries(Object.keys(space).map((name, i) => [name, x[i]!]));

describe('the test functions', () => {
  test('have their published minima where they are published to be, and are higher nearby', () => {
    for (const { on } of Object.values(COURSES))
      for (const place of on.minimisers) {
        const lowest = on.value(at(on.space, place));
        expect(lowest).toBeCloseTo(on.minimum, 5);
        place.forEach((_, i) => {
          for (const step of [-0.01, 0.01])
            expect(
              on.value(
                at(
                  on.space,
                  place.map((v, j) => (i === j ? v + step : v)),
                ),
              ),
            ).toBeGreaterThan(lowest);
        });
      }
  });
});

describe('the regret of a search', () => {
  test('is the distance of the best value so far from the minimum', () => {
    const list = [
      [0, 0],
      [Math.PI, 2.275],
      [5, 5],
    ].map(x => at(branin.space, x));
    // Branin at the origin is 36 + 10 (1 − 1/8π) + 10.
    const first = 36 + 10 * (1 - 1 / (8 * Math.PI)) + 10 - 0.397887;
    const curve = regretCurve(proposals(list), branin, 4);
    expect(curve[0]).toBeCloseTo(first, 6);
    for (const i of [1, 2, 3]) expect(curve[i]).toBeCloseTo(0, 5);
  });

  test('ends below that of random search for every sampler that learns, on Branin and Hartmann-6', () => {
    const learners = Object.fromEntries(Object.entries(CONTESTANTS).filter(([name]) => name !== 'sobol' && name !== 'latin-hypercube'));
    for (const setup of [
      { on: branin, trials: 60 },
      { on: hartmann6, trials: 80 },
    ]) {
      const { random, ...others } = regretStudy(setup, learners, 9);
      for (const { median, wins } of Object.values(others)) {
        expect(median.at(-1)).toBeLessThan(random!.median.at(-1)!);
        expect(wins).toBeGreaterThan(0.5);
      }
    }
  });
});
