import { describe, expect, test } from 'vitest';
import type { Params } from '../../../src/engine/run-result.js';
import { cmaEs } from '../../../src/experiments/samplers/cma-es.js';
import type { Sampler } from '../../../src/experiments/samplers/sampler.js';
import { tpe } from '../../../src/experiments/samplers/tpe.js';
import { bool, choice, float, int } from '../../../src/strategies/params.js';
import type { ParamSpace } from '../../../src/strategies/params.js';

const LEARNERS = { tpe, 'cma-es': cmaEs };
const run = (sampler: Sampler, objective: (params: Params) => number | null, size = sampler.batch): Params[] => {
  const all: Params[] = [];
  for (;;) {
    const asked = sampler.ask(size);
    if (asked.length === 0) return all;
    all.push(...asked);
    sampler.tell(asked.map(params => ({ params, objective: objective(params) })));
  }
};
const plane: ParamSpace = { x: float(0, 1, { default: 0 }), y: float(0, 1, { default: 0 }) };
const bowl = (p: Params): number => -(Number(p['x']) - 0.8) * (Number(p['x']) - 0.8) - (Number(p['y']) - 0.3) * (Number(p['y']) - 0.3);
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const seeds = Array.from({ length: 9 }, (_, i) => i);

describe.each(Object.entries(LEARNERS))('%s', (_, make) => {
  test('looks only at the order of objectives: any rising function of them gives the same proposals', () => {
    for (const seed of [1, 2]) {
      const plain = run(make(plane, { trials: 60, seed }), bowl);
      expect(run(make(plane, { trials: 60, seed }), p => Math.exp(3 * bowl(p)) - 7)).toEqual(plain);
      expect(run(make(plane, { trials: 60, seed }), p => -bowl(p))).not.toEqual(plain);
      expect(run(make(plane, { trials: 60, seed: seed + 100 }), bowl)).not.toEqual(plain);
    }
  });

  test('is resumed by telling a new one what was known: it goes on as it would have', () => {
    const whole = run(make(plane, { trials: 48, seed: 5 }), bowl);
    const resumed = make(plane, { trials: 48, seed: 5 });
    const replayed = resumed.ask(resumed.batch);
    resumed.tell(replayed.map(params => ({ params, objective: bowl(params) })).toReversed());
    expect([...replayed, ...run(resumed, bowl)]).toEqual(whole);
  });

  test('keeps away from where configurations are ineligible', () => {
    const shares = seeds.map(seed => {
      const late = run(make(plane, { trials: 80, seed }), p => (Number(p['x']) < 0.7 ? null : Number(p['y']))).slice(40);
      return late.filter(p => Number(p['x']) >= 0.7).length / late.length;
    });
    // Three tenths of the plane are eligible.
    expect(median(shares)).toBeGreaterThan(0.6);
  });

  test('goes on when nothing is eligible', () => {
    expect(run(make(plane, { trials: 100, seed: 1 }), () => null)).toHaveLength(100);
    expect(run(make(plane, { trials: 100, seed: 1 }), () => NaN)).toHaveLength(100);
  });

  test('finds the best of numbers, logarithms, steps, choices and switches at once, where random draws do not', () => {
    const mixed: ParamSpace = {
      lookback: int(5, 200, { default: 20 }),
      threshold: float(0.001, 10, { default: 1, log: true }),
      price: choice(['open', 'close', 'typical', 'median']),
      both: bool({ default: false }),
    };
    const objective = (p: Params): number =>
      -Math.abs(Number(p['lookback']) - 60) / 50 -
      Math.abs(Math.log10(Number(p['threshold']) / 0.1)) -
      (p['price'] === 'typical' ? 0 : 1) -
      (p['both'] === true ? 0 : 1);
    const best = seeds.slice(0, 5).map(seed => Math.max(...run(make(mixed, { trials: 100, seed }), objective).map(objective)));
    // An eighth of 100 random draws have the right choice and switch. One of them lies above −s with probability about 0.128 s², so that the best of them
    // has its median near −0.65.
    expect(median(best)).toBeGreaterThan(-0.3);
  });

  test('learns under a constraint whose border holds the best', () => {
    const constraint = (p: Params): boolean => Number(p['x']) + Number(p['y']) <= 1;
    const far = seeds.map(seed => {
      const all = run(make(plane, { trials: 80, seed, constraint }), p => Number(p['x']) + 2 * Number(p['y']));
      expect(all.every(constraint)).toBe(true);
      return 2 - Math.max(...all.map(p => Number(p['x']) + 2 * Number(p['y'])));
    });
    expect(median(far)).toBeLessThan(0.1);
  });
});

describe('CMA-ES', () => {
  test('reaches the bottom of a bowl to a thousandth, and then starts again elsewhere', () => {
    const all = run(cmaEs(plane, { trials: 400, seed: 2 }), bowl);
    expect(Math.max(...all.map(bowl))).toBeGreaterThan(-1e-6);
    const reached = all.findIndex(p => bowl(p) > -1e-9);
    expect(reached).toBeGreaterThan(0);
    expect(all.slice(reached).some(p => bowl(p) < -0.05)).toBe(true);
  });

  test('finds a minimum on the border and in the corner of the cube', () => {
    for (const seed of seeds) {
      const best = Math.max(
        ...run(cmaEs(plane, { trials: 150, seed }), p => Number(p['x']) - Number(p['y'])).map(p => Number(p['x']) - Number(p['y'])),
      );
      expect(best).toBeGreaterThan(0.98);
    }
  });

  test('answers from memory what steps make equal, and exhausts a small space', () => {
    const small = { a: int(1, 12, { default: 1 }), b: int(1, 12, { default: 1 }) };
    const seen: string[] = [];
    const all = run(cmaEs(small, { trials: 1000, seed: 4 }), p => {
      seen.push(JSON.stringify(p));
      return -Math.abs(Number(p['a']) - 9) - Math.abs(Number(p['b']) - 2);
    });
    expect(all).toHaveLength(144);
    expect(new Set(seen).size).toBe(144);
    expect(all.findIndex(p => p['a'] === 9 && p['b'] === 2)).toBeLessThan(60);
  });
});
