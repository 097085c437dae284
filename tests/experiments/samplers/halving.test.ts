import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Params } from '../../../src/engine/run-result.js';
import { successiveHalving } from '../../../src/experiments/samplers/halving.js';
import { proposals } from '../../../src/experiments/samplers/proposals.js';
import { samplerOf } from '../../../src/experiments/samplers/sampler-config.js';
import type { Sampler } from '../../../src/experiments/samplers/sampler.js';
import { tpe } from '../../../src/experiments/samplers/tpe.js';
import { random } from '../../../src/random.js';
import { float, int } from '../../../src/strategies/params.js';
import { costOf, halvingStudy, looksOf } from './partial-evidence.js';
import { branin } from './test-functions.js';

const list = (n: number): readonly Params[] => Array.from({ length: n }, (_, i) => ({ i }));

describe('successive halving', () => {
  test('asks 27, 9 and 3 at a ninth, a third and all of the evidence, the best of each rung again', () => {
    const looks = looksOf(successiveHalving(proposals(list(27))), ({ i }) => (7 * Number(i)) % 27);
    const rung = (share: number): number[] =>
      looks.filter(look => Math.abs(look.share - share) < 1e-12).map(({ params }) => Number(params['i']));
    expect(rung(1 / 9)).toEqual(list(27).map(({ i }) => i));
    const best = [...Array(27).keys()].toSorted((a, b) => ((7 * b) % 27) - ((7 * a) % 27));
    expect(rung(1 / 3)).toEqual(best.slice(0, 9));
    expect(rung(1)).toEqual(best.slice(0, 3));
    expect(looks.length).toBe(39);
    expect(costOf(looks)).toBeCloseTo(9, 12);
  });

  test('costs less than half of the full search from five configurations on and a third from nine on, whatever the answers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 200 }), fc.integer(), (n, seed) => {
        const draw = random(seed);
        const looks = looksOf(successiveHalving(proposals(list(n))), () => (draw.next() < 0.3 ? null : draw.normal()));
        expect(costOf(looks)).toBeLessThan(n / 2);
        if (n >= 9) expect(costOf(looks)).toBeLessThan(n / 3 + 1e-9);
        for (const share of new Set(looks.map(look => look.share))) {
          const keys = looks.filter(look => look.share === share).map(({ params }) => params['i']);
          expect(new Set(keys).size).toBe(keys.length);
        }
        expect(looks.at(-1)!.share).toBe(1);
      }),
    );
  });

  test('finds the winner of the full search at a third of its cost where part of the evidence is noisy but correlated', () => {
    const { same, cost, correlation } = halvingStudy(0.6, 81, 40);
    // Noisy it is: a ninth of the evidence leaves more than a tenth of the variance unexplained.
    expect(correlation).toBeLessThan(0.95);
    expect(same).toBeGreaterThanOrEqual(0.9);
    expect(cost).toBeCloseTo(1 / 3, 12);
  });

  test('lets the first rung’s sampler learn from the first rung only', () => {
    const told: number[] = [];
    const inner = tpe(branin.space, { trials: 30, seed: 1 });
    const spied: Sampler = { ...inner, tell: all => (told.push(all.length), inner.tell(all)) };
    const looks = looksOf(successiveHalving(spied), params => -branin.value(params));
    expect(told.reduce((a, b) => a + b, 0)).toBe(30);
    expect(looks.length).toBe(30 + 10 + 3);
    // What it asked is what it would ask alone.
    const alone = looksOf(tpe(branin.space, { trials: 30, seed: 1 }), params => -branin.value(params));
    expect(looks.slice(0, 30).map(({ params }) => params)).toEqual(alone.map(({ params }) => params));
  });

  test('is the same search in parts of any size, and so goes on after an interrupt', () => {
    const objective = ({ i }: Params): number => (13 * Number(i)) % 40;
    const whole = looksOf(successiveHalving(proposals(list(40))), objective);
    for (const part of [1, 3, 7, 40]) expect(looksOf(successiveHalving(proposals(list(40))), objective, part)).toEqual(whole);
  });

  test('keeps the first proposed of equals, and what is not eligible only where others run out', () => {
    const equal = looksOf(successiveHalving(proposals(list(9))), () => 1);
    expect(equal.slice(9).map(({ params }) => params['i'])).toEqual([0, 1, 2, 0]);
    const few = looksOf(successiveHalving(proposals(list(9))), ({ i }) => (i === 7 ? -5 : null));
    expect(few.slice(9).map(({ params }) => params['i'])).toEqual([7, 0, 1, 7]);
  });

  test('does not climb over missing answers, and refuses ladders without rungs', () => {
    const sampler = successiveHalving(proposals(list(9)));
    sampler.tell(
      sampler
        .ask(9)
        .slice(1)
        .map(params => ({ params, objective: 1 })),
    );
    expect(() => sampler.ask(9)).toThrow('1 answers are missing');
    expect(() => successiveHalving(proposals([]), { rungs: 1 })).toThrow('two rungs');
    expect(() => successiveHalving(proposals([]), { eta: 1 })).toThrow('one in two');
    expect(successiveHalving(proposals([])).ask(4)).toEqual([]);
  });

  test('is named in a configuration with the search that it halves, and says its share through it', () => {
    const scope = { space: { a: int(1, 9, { default: 1 }), b: float(0, 1, { default: 0.5 }) }, fixed: { b: 0.25 } };
    const sampler = samplerOf({ kind: 'halving', of: { kind: 'grid', points: 9 }, eta: 3, rungs: 2 }, scope, 1);
    const looks = looksOf(sampler, ({ a }) => Number(a));
    expect(looks.map(({ params }) => params['a'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7]);
    expect(looks.map(({ share }) => share)).toEqual([...Array(9).fill(1 / 3), 1, 1, 1]);
    expect(looks.every(({ params }) => params['b'] === 0.25)).toBe(true);
    for (const kind of ['bayesian', 'nsga2'] as const) {
      const one = samplerOf(kind === 'nsga2' ? { kind, trials: 9, population: 4 } : { kind, trials: 9, batch: 2 }, scope, 1);
      expect(
        looksOf(one, ({ a }) => Number(a))
          .map(({ params }) => Number(params['a']))
          .toSorted(),
      ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });
});
