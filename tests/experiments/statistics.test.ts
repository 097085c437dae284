import fc from 'fast-check';
import { sampleRankCorrelation } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { decayOf, meanDecay } from '../../src/experiments/decay.js';
import { parameterDrift } from '../../src/experiments/parameter-drift.js';
import { rankCorrelation } from '../../src/experiments/rank-correlation.js';
import { medianEstimate, searchOverfitting, sharpeEvidence } from '../../src/experiments/search-overfitting.js';
import { random } from '../../src/random.js';
import { bool, float, int } from '../../src/strategies/params.js';

describe('rank correlation', () => {
  test('agrees with another implementation where there are no ties', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 3, maxLength: 40 }), fc.integer(), (x, seed) => {
        const source = random(seed);
        const y = x.map(() => source.next());
        expect(rankCorrelation(x, y)).toBeCloseTo(sampleRankCorrelation(x, y), 10);
      }),
    );
  });

  test('shares ranks between equals, and is not defined without variation', () => {
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 ÷ √(4.5 × 5).
    expect(rankCorrelation([1, 2, 2, 3], [10, 20, 30, 40])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN();
  });
});

describe('parameter drift', () => {
  test('is the mean step on the parameter’s own scale, over the folds that chose', () => {
    const space = { n: int(0, 10, { default: 0 }), x: float(0.01, 100, { default: 1, log: true }), b: bool({ default: false }) };
    const drift = parameterDrift(space, [{ n: 0, x: 0.01, b: true }, null, { n: 5, x: 100, b: true }, { n: 10, x: 1, b: false }]);
    expect(drift.map(({ meanStep }) => meanStep)).toEqual([0.5, expect.closeTo(0.75, 12), 0.5]);
    expect(drift[0]!.values).toEqual([0, null, 5, 10]);
  });
});

describe('decay', () => {
  test('has a ratio only where in sample is above 0', () => {
    expect(decayOf(2, 1)).toEqual({ inSample: 2, outOfSample: 1, difference: -1, ratio: { value: 0.5, reason: null } });
    expect(decayOf(-1, 1).ratio.value).toBeNull();
    expect(decayOf(null, 1)).toMatchObject({ difference: null, ratio: { value: null } });
    expect(meanDecay([decayOf(2, 1), decayOf(null, 5), decayOf(4, 0)])).toMatchObject({ inSample: 3, outOfSample: 0.5 });
  });
});

describe('the overfitting of a search', () => {
  const noise = (n: number, configurations: number, edge = 0): Float64Array[] =>
    Array.from({ length: configurations }, (_, c) => {
      const source = random(`noise/${c}`);
      return Float64Array.from({ length: n }, () => source.normal() * 0.01 + (c === 0 ? edge : 0));
    });

  test('is near one half for noise and near nothing for a real edge', () => {
    expect(searchOverfitting(noise(400, 20)).value!).toBeGreaterThan(0.2);
    expect(searchOverfitting(noise(400, 20, 0.005)).value!).toBeLessThan(0.05);
    expect(searchOverfitting(noise(400, 150, 0.005)).value!).toBeLessThan(0.05);
  });

  test('is not defined, and says why, with too little to go by', () => {
    expect(searchOverfitting(noise(100, 1)).reason).toContain('fewer than two');
    expect(searchOverfitting(noise(20, 5)).reason).toContain('too few');
    expect(searchOverfitting([...noise(100, 1), ...noise(99, 1)]).reason).toContain('different dates');
    expect(medianEstimate([{ value: null, reason: 'a' }]).reason).toBe('a');
    expect(
      medianEstimate([
        { value: 0.2, reason: null },
        { value: null, reason: 'a' },
        { value: 0.4, reason: null },
      ]).value,
    ).toBeCloseTo(0.3, 12);
  });

  test('weighs on the deflated Sharpe ratio with every further trial, and one trial takes nothing off', () => {
    const [returns] = noise(300, 1, 0.001);
    const sharpes = [0.1, 0.05, null, -0.05];
    const dsr = (count: number): number => sharpeEvidence(returns!, sharpes, count).dsr.value!;
    expect(dsr(1)).toBe(sharpeEvidence(returns!, sharpes, 1).psr.value);
    expect(dsr(10)).toBeLessThan(dsr(1));
    expect(dsr(1000)).toBeLessThan(dsr(10));
  });

  test('is not deflated, and says so, when earlier trials count but their Sharpe ratios are not known', () => {
    const [returns] = noise(300, 1, 0.001);
    for (const sharpes of [[0.1], [null, null], [0.1, 0.1]]) {
      const { psr, dsr } = sharpeEvidence(returns!, sharpes, 500);
      expect(psr.value).not.toBeNull();
      expect(dsr).toMatchObject({ value: null, reason: expect.stringContaining('fewer than two different trials') as string });
    }
  });
});
