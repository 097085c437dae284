import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { searchEvidence } from '../../src/experiments/search-evidence.js';
import type { SearchedConfiguration } from '../../src/experiments/search-evidence.js';
import { random } from '../../src/random.js';

/** `n` configurations of independent daily returns, of which number 7 earns `edge` a day on top; all of them move with the market by `common`. */
const searched = (n: number, days: number, { seed, edge = 0, common = 0 }: { seed: number; edge?: number; common?: number }) => {
  const draw = random(seed);
  const market = Float64Array.from({ length: days }, () => common * 0.01 * draw.normal());
  return Array.from({ length: n }, (_, k): SearchedConfiguration => ({
    params: { k },
    returns: market.map(move => move + 0.01 * draw.normal() + (k === 7 ? edge : 0)),
  }));
};

const judge = (configurations: readonly SearchedConfiguration[], change: { trials?: number; samples?: number } = {}) =>
  searchEvidence({ configurations, periodsPerYear: 365, trials: 0, over: 'a window', seed: 1, samples: 200, ...change });

describe('the evidence of a search', () => {
  test('rejects the best of many worthless configurations, however good it looks', () => {
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const found = seeds.map(seed => judge(searched(60, 250, { seed })));
    // The best of 60 has a Sharpe of about 2.2 √(365 ÷ 250) ≈ 2.7 a year by luck alone.
    expect(found.every(({ best }) => best!.sharpe > 1.2)).toBe(true);
    expect(found.filter(({ realityCheck }) => realityCheck.value! <= 0.05).length).toBeLessThanOrEqual(3);
    expect(found.filter(({ spa }) => spa.value! <= 0.05).length).toBeLessThanOrEqual(3);
    expect(found.filter(({ surviving }) => surviving!.stepwise + surviving!.anyDependence > 0).length).toBeLessThanOrEqual(3);
    const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
    expect(mean(found.map(({ pbo }) => pbo.value!))).toBeGreaterThan(0.35);
    expect(mean(found.map(({ haircut, best }) => haircut.holm.value! / best!.sharpe))).toBeLessThan(0.5);
  });

  test('lets a planted edge stand, and hardly anything beside it', () => {
    const beside: number[] = [];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { best, pbo, realityCheck, spa, surviving, haircut, logits } = judge(searched(60, 500, { seed, edge: 0.003 }));
      expect(best!.params).toEqual({ k: 7 });
      expect(pbo.value!).toBeLessThan(0.01);
      expect(pbo.value).toBe(logits.filter(logit => logit <= 0).length / logits.length);
      expect(realityCheck.value!).toBeLessThan(0.01);
      expect(spa.value!).toBeLessThan(0.01);
      const { stepwise, falseDiscovery, anyDependence } = surviving!;
      expect(Math.min(stepwise, falseDiscovery, anyDependence)).toBeGreaterThanOrEqual(1);
      beside.push(stepwise - 1, anyDependence - 1);
      expect(haircut.holm.value!).toBeGreaterThan(0.7 * best!.sharpe);
    }
    // One in twenty may be found by luck at this level; three of twelve would be one in fifty.
    expect(beside.filter(n => n > 0).length).toBeLessThanOrEqual(2);
  });

  test('does not depend on the order in which configurations were evaluated', () => {
    const some = searched(12, 120, { seed: 5, edge: 0.004 });
    // The best has a twin: of equals the one whose canonical JSON sorts first.
    const all = [...some, { params: { k: 70 }, returns: some[7]!.returns }];
    const first = judge(all);
    expect(first.best!.params).toEqual({ k: 70 });
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), shuffled => {
        expect(judge(shuffled)).toEqual(first);
      }),
      { numRuns: 5 },
    );
  });

  test('cuts the best Sharpe ratio the more, the more trials are on record', () => {
    const all = searched(30, 400, { seed: 2, edge: 0.002 });
    const cut = [30, 300, 30_000].map(trials => judge(all, { trials }).haircut);
    expect(cut[0]!.holm.value!).toBeGreaterThan(cut[1]!.holm.value!);
    expect(cut[1]!.holm.value!).toBeGreaterThan(cut[2]!.holm.value!);
    expect(cut[1]!.falseDiscovery.value!).toBeGreaterThan(cut[2]!.falseDiscovery.value!);
    // Fewer than were evaluated cannot have been tried.
    expect(judge(all, { trials: 3 }).haircut).toEqual(cut[0]);
  });

  test('counts copies of one idea as one', () => {
    const [one] = searched(1, 300, { seed: 4 });
    const draw = random(9);
    const copies = Array.from({ length: 20 }, (_, k) => ({ params: { k }, returns: one!.returns.map(r => r + 1e-5 * draw.normal()) }));
    expect(judge(copies).effective.value!).toBeLessThan(2.5);
    expect(judge(searched(20, 300, { seed: 4 })).effective.value!).toBeGreaterThan(15);
  });

  test('says so when it tests sums of returns to bound its cost, and comes to the same verdict', () => {
    const noise = judge(searched(160, 5_200, { seed: 3, common: 1 }), { samples: 20 });
    expect(noise.over).toBe('a window; tests by resampling on sums of 2 returns');
    expect(noise.observations).toBe(5_200);
    expect(noise.realityCheck.value!).toBeGreaterThan(0.05);
    const edge = judge(searched(160, 5_200, { seed: 3, common: 0.2, edge: 0.004 }), { samples: 20 });
    expect([edge.realityCheck.value, edge.spa.value]).toEqual([1 / 21, 1 / 21]);
    expect(edge.best!.params).toEqual({ k: 7 });
    expect(judge(searched(5, 60, { seed: 1 })).over).toBe('a window');
  });

  test('gives reasons where there is nothing to compute from', () => {
    const none = judge([]);
    expect([none.best, none.surviving, none.configurations]).toEqual([null, null, 0]);
    expect(none.spa.reason).toContain('no configuration');
    expect(judge(searched(3, 8, { seed: 1 })).realityCheck.reason).toContain('8 returns are too few');
    expect(judge([...searched(2, 100, { seed: 1 }), ...searched(2, 99, { seed: 1 })]).effective.reason).toContain('different dates');
    const idle = [0, 1].map(k => ({ params: { k }, returns: new Float64Array(100) }));
    const flat = judge(idle);
    expect(flat.best).toBeNull();
    expect([flat.realityCheck.value, flat.spa.value]).toEqual([1, 1]);
    expect(flat.haircut.holm.reason).toContain('vary');
    expect(judge(searched(1, 100, { seed: 1 })).pbo.reason).toContain('fewer than two');
  });
});
