import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strategyPortfolio } from '../../src/experiments/strategy-portfolio.js';
import { weightsBy } from '../../src/portfolio/weights/weight-scheme.js';
import { random } from '../../src/random.js';

const series = (count: number, rows: number, seed: number): Float64Array[] => {
  const draw = random(seed);
  return Array.from({ length: count }, (_, k) => Float64Array.from({ length: rows }, () => 0.0003 + 0.01 * (k + 1) * draw.normal()));
};
const compound = (returns: Float64Array): number => returns.reduce((value, r) => value * (1 + r), 1);
const equal = (past: readonly Float64Array[]): Float64Array => new Float64Array(past.length).fill(1 / past.length);

describe('a portfolio of strategies', () => {
  test('weighted once is the mean of what each came to', () => {
    const columns = series(3, 300, 1);
    const { returns, reweightings, moved } = strategyPortfolio(columns, equal, { lookback: 50, every: 1000, moveCost: 0.01 });
    expect(returns.length).toBe(250);
    expect(compound(returns)).toBeCloseTo(columns.map(column => compound(column.subarray(50))).reduce((a, b) => a + b, 0) / 3, 12);
    expect([reweightings.length, moved]).toEqual([1, 0]);
  });

  test('weighted every period earns the mean return of each period, less the stated cost of what moved', () => {
    const columns = series(2, 120, 2);
    const free = strategyPortfolio(columns, equal, { lookback: 20, every: 1, moveCost: 0 });
    free.returns.forEach((r, i) => expect(r).toBeCloseTo((columns[0]![i + 20]! + columns[1]![i + 20]!) / 2, 14));
    const dear = strategyPortfolio(columns, equal, { lookback: 20, every: 1, moveCost: 0.002 });
    dear.reweightings.forEach(({ moved, row }, i) => {
      if (i > 0) {
        // Halves that drifted apart by the returns of the day before.
        const [a, b] = [1 + columns[0]![row - 1]!, 1 + columns[1]![row - 1]!];
        expect(moved).toBeCloseTo(Math.abs(a - b) / (a + b), 12);
      }
      expect(1 + dear.returns[i]!).toBeCloseTo((1 - 0.002 * moved) * (1 + free.returns[i]!), 14);
    });
  });

  test('never looks ahead: what comes after a division does not change it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 9 }), (seed, division) => {
        // On a division, where looking one period too far would show.
        const cut = 60 + 15 * division;
        const columns = series(3, 200, seed);
        const other = series(3, 200, seed + 1);
        const mixed = columns.map((column, k) => column.map((r, i) => (i < cut ? r : other[k]![i]!)));
        const options = { lookback: 60, every: 15, moveCost: 0.001 };
        for (const scheme of ['equal-risk', 'hierarchical-risk', 'minimum-variance'] as const) {
          const [a, b] = [columns, mixed].map(c => strategyPortfolio(c, past => weightsBy(scheme, past), options));
          const known = a!.reweightings.filter(({ row }) => row <= cut);
          expect(b!.reweightings.slice(0, known.length)).toEqual(known);
          expect(b!.returns.slice(0, cut - 60)).toEqual(a!.returns.slice(0, cut - 60));
        }
      }),
      { numRuns: 15 },
    );
  });

  test('that lost everything stays lost', () => {
    const columns = [Float64Array.of(0, 0, -1, 0.5, 0.5), Float64Array.of(0, 0, -1, 0.5, 0.5)];
    expect([...strategyPortfolio(columns, equal, { lookback: 2, every: 1, moveCost: 0 }).returns]).toEqual([-1, 0, 0]);
  });

  test('is refused without periods to trade, or for costs that are none', () => {
    const columns = series(2, 100, 3);
    for (const options of [
      { lookback: 100, every: 5, moveCost: 0 },
      { lookback: 50, every: 0, moveCost: 0 },
      { lookback: 50, every: 5, moveCost: -1 },
    ])
      expect(() => strategyPortfolio(columns, equal, options)).toThrow();
    expect(() => strategyPortfolio(columns.slice(0, 1), equal, { lookback: 50, every: 5, moveCost: 0 })).toThrow('two strategies');
  });
});
