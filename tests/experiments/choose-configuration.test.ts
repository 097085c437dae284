import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkChoice, chooseConfiguration } from '../../src/experiments/choose-configuration.js';
import { compromise } from '../../src/experiments/compromise.js';
import { medianMetrics } from '../../src/experiments/median-metrics.js';
import { checkObjective, scores } from '../../src/experiments/objective.js';
import type { Metrics } from '../../src/experiments/objective.js';
import { float } from '../../src/strategies/params.js';

const one = { metric: 'sharpe', minimumTrades: 0 };
const two = { metric: 'sharpe', also: ['maxDrawdown'], minimumTrades: 5 };
const candidate = (k: number, sharpe: number | null, maxDrawdown = 0, trades = 10) => ({
  params: { k },
  metrics: { sharpe, maxDrawdown, trades } as Metrics,
});

describe('several objectives', () => {
  test('are all to be made large in their own sense, and all needed', () => {
    const wanted = { metric: 'sharpe', also: ['volatility', 'maxDrawdown'], minimumTrades: 5 };
    expect(scores(wanted, { sharpe: 1, volatility: 0.3, maxDrawdown: -0.2, trades: 5 })).toEqual([1, -0.3, -0.2]);
    expect(scores(wanted, { sharpe: 1, volatility: null, maxDrawdown: -0.2, trades: 5 })).toBeNull();
    expect(scores(wanted, { sharpe: 1, volatility: 0.3, maxDrawdown: -0.2, trades: 4 })).toBeNull();
  });

  test('must exist, and be named once', () => {
    expect(() => checkObjective({ ...one, also: ['sharp'] })).toThrow('Did you mean');
    expect(() => checkObjective({ ...one, also: ['calmar', 'sharpe'] })).toThrow('names sharpe twice');
    expect(() => checkChoice('plateau', two)).toThrow('one metric');
    expect(() => checkChoice('plateau', one)).not.toThrow();
  });

  test('are met by the compromise: the corner of a bent front, not one of its ends', () => {
    // By hand: ranges 1 and 1 on the front, so (0.8, 0.8) lies √0.08 from the ideal, the ends 1; (0.5, 0.5) is dominated.
    expect(compromise([[1, 0], [0.8, 0.8], [0, 1], [0.5, 0.5], null])).toEqual([1, 0, 2]);
    // Without a middle the first objective decides; scale does not matter.
    expect(
      compromise([
        [0, 1000],
        [1, 0],
      ]),
    ).toEqual([1, 0]);
    expect(compromise([])).toEqual([]);
  });

  test('choose what nothing dominates, in whatever order candidates come', () => {
    const vector = fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }));
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 12 }), fc.integer(), (vectors, turn) => {
        const all = vectors.map(([a, b], k) => candidate(k, a, b));
        const by = { objective: two, rule: 'peak' as const, space: {} };
        const chosen = chooseConfiguration(all, by)!;
        const at = Math.abs(turn % all.length);
        expect(chooseConfiguration([...all.slice(at), ...all.slice(0, at)].reverse(), by)).toBe(chosen);
        const [a, b] = vectors[chosen.params.k]!;
        expect(vectors.some(([x, y]) => x >= a && y >= b && (x > a || y > b))).toBe(false);
      }),
    );
  });
});

describe('the choice of a fold', () => {
  // A broad hill about 0.3 and a spike at 0.9.
  const all = Array.from({ length: 101 }, (_, i) => candidate(i / 100, i === 90 ? 3 : 2 * Math.max(0, 1 - Math.abs(i / 100 - 0.3) / 0.25)));
  const space = { k: float(0, 1, { default: 0.5 }) };

  test('is the peak by the one rule and the middle of the plateau by the other', () => {
    expect(chooseConfiguration(all, { objective: one, rule: 'peak', space })!.params.k).toBe(0.9);
    expect(chooseConfiguration(all, { objective: one, rule: 'plateau', space })!.params.k).toBeCloseTo(0.3, 1);
  });

  test('is none when nothing is eligible', () => {
    for (const rule of ['peak', 'plateau'] as const)
      expect(chooseConfiguration([candidate(0.1, null), candidate(0.2, null)], { objective: one, rule, space })).toBeUndefined();
    expect(chooseConfiguration([candidate(0.1, 1, 0, 4)], { objective: two, rule: 'peak', space })).toBeUndefined();
  });
});

describe('the median of metrics', () => {
  test('needs more than half of the stretches, and adds up trades', () => {
    const parts = [
      { sharpe: 3, calmar: 1, trades: 4 },
      { sharpe: -1, calmar: null, trades: 0 },
      { sharpe: 2, calmar: null, trades: 7 },
    ];
    expect(medianMetrics(parts)).toEqual({ sharpe: 2, calmar: null, trades: 11 });
    expect(medianMetrics([...parts, { sharpe: null, calmar: 2, trades: 1 }])).toEqual({ sharpe: 2, calmar: null, trades: 12 });
    expect(
      medianMetrics([
        { sharpe: 1, trades: 1 },
        { sharpe: 2, trades: 1 },
      ]),
    ).toEqual({ sharpe: 1.5, trades: 2 });
  });
});
