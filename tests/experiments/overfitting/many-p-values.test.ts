import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { falseDiscovery } from '../../../src/experiments/overfitting/false-discovery.js';
import { bonferroni, holm } from '../../../src/experiments/overfitting/family-wise.js';
import { haircutSharpe } from '../../../src/experiments/overfitting/haircut-sharpe.js';
import { random } from '../../../src/random.js';

/** Benjamini & Hochberg (1995), section 4.1: fifteen comparisons of two treatments of a heart attack. */
const HEART = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];

const accepted = (adjusted: readonly number[], level = 0.05) => adjusted.filter(p => p <= level).length;
const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('corrections of many p-values', () => {
  test('accept four and three of the fifteen in Benjamini & Hochberg (1995), as printed there', () => {
    expect(accepted(falseDiscovery(HEART))).toBe(4);
    expect(accepted(bonferroni(HEART))).toBe(3);
    expect(accepted(holm(HEART))).toBe(3);
  });
  test('of Benjamini & Yekutieli are 1 + 1/2 + … + 1/15 = 3.318 times as large', () => {
    const plain = falseDiscovery(HEART);
    falseDiscovery(HEART, { dependence: 'any' }).forEach((p, i) => expect(p).toBeCloseTo(Math.min(1, plain[i]! * 3.318228993228993), 12));
  });
  test('are the definitions: the smallest level at which each is accepted', () => {
    // Step-up: all up to the last rank whose p-value is at most rank × level ÷ (n × penalty).
    const stepUp = (ps: readonly number[], level: number, penalty: number) => {
      const sorted = ps.toSorted((a, b) => a - b);
      const last = sorted.findLastIndex((p, i) => p <= ((i + 1) * level) / (ps.length * penalty));
      return ps.map(p => last >= 0 && p <= sorted[last]!);
    };
    // Step-down: all before the first whose p-value is above level ÷ (n − rank + 1).
    const stepDown = (ps: readonly number[], level: number) => {
      const sorted = ps.toSorted((a, b) => a - b);
      const first = sorted.findIndex((p, i) => p > level / (ps.length - i));
      return ps.map(p => first < 0 || p < sorted[first]!);
    };
    fc.assert(
      fc.property(probabilities, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (ps, level) => {
        const penalty = ps.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
        const clear = (adjusted: readonly number[]) => adjusted.every(p => Math.abs(p - level) > 1e-12);
        const [bh, by, step] = [falseDiscovery(ps), falseDiscovery(ps, { dependence: 'any' }), holm(ps)];
        if (clear(bh)) expect(bh.map(p => p <= level)).toEqual(stepUp(ps, level, 1));
        if (clear(by)) expect(by.map(p => p <= level)).toEqual(stepUp(ps, level, penalty));
        if (clear(step)) expect(step.map(p => p <= level)).toEqual(stepDown(ps, level));
      }),
    );
  });
  test('are ordered by strictness, never below the p-value, and keep the order of the tests', () => {
    fc.assert(
      fc.property(probabilities, ps => {
        const [bf, hm, bh, by] = [bonferroni(ps), holm(ps), falseDiscovery(ps), falseDiscovery(ps, { dependence: 'any' })];
        ps.forEach((p, i) => {
          expect(p).toBeLessThanOrEqual(bh[i]!);
          expect(bh[i]!).toBeLessThanOrEqual(hm[i]! + 1e-15);
          expect(hm[i]!).toBeLessThanOrEqual(bf[i]!);
          expect(bh[i]!).toBeLessThanOrEqual(by[i]!);
          for (const adjusted of [bf, hm, bh, by])
            for (const [j, other] of ps.entries()) if (other >= p) expect(adjusted[j]).toBeGreaterThanOrEqual(adjusted[i]!);
        });
      }),
    );
  });
  test('hold the rate of false discoveries in a mixture of noise and edges', () => {
    const draw = random('fdr');
    let rate = 0;
    const repetitions = 500;
    for (let r = 0; r < repetitions; r++) {
      // Twenty of a hundred p-values are those of an edge: small but not surely so.
      const ps = Array.from({ length: 100 }, (_, i) => (i < 20 ? draw.next() ** 8 : draw.next()));
      const found = falseDiscovery(ps).flatMap((p, i) => (p <= 0.2 ? [i] : []));
      rate += found.filter(i => i >= 20).length / Math.max(1, found.length) / repetitions;
    }
    // Exactly 0.2 × 80 ÷ 100 for independent tests, by the theorem.
    expect(Math.abs(rate - 0.16)).toBeLessThan(0.03);
  });
  test('of one test change nothing, and refuse what is no probability', () => {
    for (const correct of [bonferroni, holm, falseDiscovery]) expect(correct([0.03])).toEqual([0.03]);
    for (const bad of [-0.1, 1.1, NaN]) {
      expect(() => holm([0.5, bad])).toThrow(UserError);
      expect(() => falseDiscovery([bad])).toThrow(UserError);
    }
  });
});

describe('the haircut Sharpe ratio', () => {
  /** The example of Harvey & Liu (2015): an annual ratio of 0.75 over 240 months. */
  const example = { sharpes: [0.75 / Math.sqrt(12)], observations: 240 };
  test('has the p-value of 0.0008 of the example in Harvey & Liu, and no cut for a single trial', () => {
    const { pValue, bonferroni: alone, holm: also, bhy } = haircutSharpe(example);
    expect(pValue).toBeCloseTo(0.0008, 4);
    for (const result of [alone, also, bhy]) {
      expect(result.sharpe * Math.sqrt(12)).toBeCloseTo(0.75, 10);
      expect(result.haircut).toBeCloseTo(0, 10);
    }
  });
  test('is cut by about 60 % after 200 tests, to 0.32 a year, as printed there', () => {
    // There by independence, 1 − (1 − p)^200 = 0.15; 200 p is 0.16.
    const { bonferroni: cut } = haircutSharpe({ ...example, count: 200 });
    expect(cut.pValue).toBeCloseTo(0.15, 1);
    expect(Math.abs(cut.sharpe * Math.sqrt(12) - 0.32)).toBeLessThan(0.01);
    expect(Math.abs(cut.haircut - 0.6)).toBeLessThan(0.03);
  });
  test('is cut less the higher it was', () => {
    const cuts = [0.15, 0.2, 0.25, 0.3, 0.5].map(
      sharpe => haircutSharpe({ sharpes: [sharpe], observations: 400, count: 50 }).bonferroni.haircut,
    );
    expect(cuts).toEqual(cuts.toSorted((a, b) => b - a));
    expect(cuts[0]).toBeGreaterThan(0.5);
    expect(cuts.at(-1)).toBeLessThan(0.1);
  });
  test('gets no help from trials that lost money or never traded', () => {
    const rivals = Array.from({ length: 99 }, () => 0.001);
    const losers = Array.from({ length: 99 }, (_, i) => (i % 2 === 0 ? -0.5 : NaN));
    const found = haircutSharpe({ sharpes: [...losers, 0.2], observations: 500 });
    expect(found.best).toBe(99);
    expect(found.bhy.pValue).toBe(haircutSharpe({ sharpes: [0.2], observations: 500, count: 100 }).bhy.pValue);
    expect(found.holm.pValue).toBe(haircutSharpe({ sharpes: [...rivals, 0.2], observations: 500 }).holm.pValue);
  });
  test('is gentler by BHY where many others are good too', () => {
    const { bonferroni: strict, bhy } = haircutSharpe({
      sharpes: Array.from({ length: 100 }, (_, i) => 0.15 + i / 1e5),
      observations: 500,
    });
    expect(bhy.haircut).toBeLessThan(strict.haircut);
  });
  test('of a loss is that loss, of certainty is not cut', () => {
    expect(haircutSharpe({ sharpes: [-0.1, -0.2], observations: 100 }).bonferroni).toEqual({ pValue: 1, sharpe: -0.1, haircut: NaN });
    expect(haircutSharpe({ sharpes: [5, 1], observations: 1000 }).holm).toEqual({ pValue: 0, sharpe: 5, haircut: 0 });
    expect(haircutSharpe({ sharpes: [0.01], observations: 100, count: 10 }).bonferroni).toEqual({ pValue: 1, sharpe: 0, haircut: 1 });
  });
  test('refuses no ratio at all and a count below the ratios', () => {
    for (const bad of [{ sharpes: [] }, { sharpes: [NaN] }, { sharpes: [1, 2], count: 1 }])
      expect(() => haircutSharpe({ ...bad, observations: 100 })).toThrow(UserError);
  });
});
