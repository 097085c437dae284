import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isotonic, poolAdjacentViolators } from '../../../src/models/calibration/isotonic.js';
import { knownLaw } from './known-law.js';

interface Point {
  readonly p: number;
  readonly hit: number;
  readonly weight: number;
}

/** The isotonic fit at each distinct forecast by its minimax formula: the greatest over starts of the least over ends of the mean between (Robertson, Wright & Dykstra 1988). */
const minimax = (points: readonly Point[]): Map<number, number> => {
  const levels = [...new Set(points.map(({ p }) => p))].sort((a, b) => a - b);
  const mean = (from: number, to: number): number => {
    const among = points.filter(({ p }) => p >= levels[from]! && p <= levels[to]!);
    return among.reduce((s, { hit, weight }) => s + hit * weight, 0) / among.reduce((s, { weight }) => s + weight, 0);
  };
  return new Map(
    levels.map((level, at) => {
      let greatest = -Infinity;
      for (let from = 0; from <= at; from++) {
        let least = Infinity;
        for (let to = at; to < levels.length; to++) least = Math.min(least, mean(from, to));
        greatest = Math.max(greatest, least);
      }
      return [level, greatest];
    }),
  );
};

const points = fc.array(
  fc.record({
    p: fc.integer({ min: 1, max: 12 }).map(k => k / 13),
    hit: fc.constantFrom(0, 1),
    weight: fc.integer({ min: 1, max: 8 }).map(w => w / 4),
  }),
  { minLength: 1, maxLength: 40 },
);

const pooled = (of: readonly Point[]): ReturnType<typeof poolAdjacentViolators> =>
  poolAdjacentViolators(
    Float64Array.from(of, ({ p }) => p),
    of.map(({ hit }) => hit),
    Float64Array.from(of, ({ weight }) => weight),
  );

describe('poolAdjacentViolators', () => {
  test('is the minimax fit, block by block', () => {
    fc.assert(
      fc.property(points, drawn => {
        const { forecast, outcome } = pooled(drawn);
        const fit = minimax(drawn);
        const levels = [...fit.keys()];
        // Forecasts of one value of the fit make one block, at their weighted mean.
        const values = [...new Set(levels.map(level => fit.get(level)!.toFixed(9)))];
        expect(outcome.map(o => o.toFixed(9))).toEqual(values);
        values.forEach((value, k) => {
          const inside = drawn.filter(({ p }) => fit.get(p)!.toFixed(9) === value);
          const weight = inside.reduce((s, point) => s + point.weight, 0);
          expect(forecast[k]).toBeCloseTo(inside.reduce((s, point) => s + point.weight * point.p, 0) / weight, 9);
        });
      }),
    );
  });

  test('does not mind the order of the forecasts', () => {
    fc.assert(
      fc.property(points, drawn => {
        const [a, b] = [pooled(drawn), pooled([...drawn].reverse())];
        expect(a.outcome.length).toBe(b.outcome.length);
        a.outcome.forEach((o, k) => expect(o).toBeCloseTo(b.outcome[k]!, 12));
      }),
    );
  });

  test('keeps the mean: what was taken from one forecast was given to another', () => {
    fc.assert(
      fc.property(points, drawn => {
        const fit = minimax(drawn);
        const total = (of: (point: Point) => number): number => drawn.reduce((s, point) => s + point.weight * of(point), 0);
        expect(total(({ p }) => fit.get(p)!)).toBeCloseTo(
          total(({ hit }) => hit),
          9,
        );
      }),
    );
  });
});

describe('isotonic', () => {
  test('never maps a higher probability of a class below a lower one', () => {
    const state = isotonic().fit(knownLaw(1200, 'steps', 2))!;
    const calibrate = isotonic().calibration(state);
    // Odds of up against down when flat is the same: both maps rise, so that their ratio does.
    const odds = (up: number): number => {
      const p = Float64Array.of(0.8 - up, 0.2, up);
      calibrate(p, 0);
      return p[2]! / p[0]!;
    };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.8, noNaN: true }), fc.double({ min: 0, max: 0.8, noNaN: true }), (a, b) => {
        expect(odds(Math.max(a, b))).toBeGreaterThanOrEqual(odds(Math.min(a, b)) * (1 - 1e-12));
      }),
      { numRuns: 500 },
    );
  });

  test('stands level beyond the outermost blocks', () => {
    const calibrate = isotonic().calibration({
      kind: 'isotonic',
      classes: [
        [0.3, 0.6, 0.2, 0.5],
        [0.2, 0.4, 0.3, 0.3],
        [0.3, 0.6, 0.2, 0.5],
      ],
    });
    const p = Float64Array.of(0.9, 0.05, 0.05);
    calibrate(p, 0);
    expect(p[0]!).toBeCloseTo(0.5, 12);
    expect(p[1]!).toBeCloseTo(0.3, 12);
    const halfway = Float64Array.of(0.45, 0.1, 0.45);
    calibrate(halfway, 0);
    expect(halfway[0]!).toBeCloseTo(0.35, 12);
  });
});
