import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { binsOf } from '../../../src/models/scores/bins.js';
import { brierDecomposition } from '../../../src/models/scores/brier-decomposition.js';
import { classwiseCalibrationError, topCalibrationError } from '../../../src/models/scores/calibration-error.js';
import { reliabilityRows } from '../../../src/models/scores/reliability.js';
import { random } from '../../../src/random.js';

const of = (...values: number[]) => Float64Array.from(values);
const WIDTH = { kind: 'equal-width', bins: 10 } as const;
const COUNT = { kind: 'equal-count', bins: 10 } as const;

/** Forecasts of three classes with outcomes drawn from them, or from their `bend`-ed version. */
const drawn = (seed: number | string, n: number, bend: (p: number) => number = p => p) => {
  const draw = random(seed);
  const probability = new Float64Array(3 * n);
  const outcome = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const raw = [draw.next(), draw.next(), draw.next()];
    const total = raw[0]! + raw[1]! + raw[2]!;
    raw.forEach((p, k) => (probability[3 * i + k] = p / total));
    const bent = raw.map(p => bend(p / total));
    const u = draw.next() * (bent[0]! + bent[1]! + bent[2]!);
    outcome[i] = u < bent[0]! ? 0 : u < bent[0]! + bent[1]! ? 1 : 2;
  }
  return { probability, outcome };
};

describe('groups of forecasts', () => {
  test('of equal width hold their lower edge, the last one also 1', () => {
    expect([...binsOf(of(0, 0.0999, 0.1, 0.55, 1, NaN), WIDTH)]).toEqual([0, 0, 1, 5, 9, -1]);
  });
  test('of equal count are alike in size, and keep equal values together', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
    const sizes = new Map<number, number>();
    for (const b of binsOf(values, COUNT)) sizes.set(b, (sizes.get(b) ?? 0) + 1);
    expect([...sizes.values()]).toEqual(Array.from({ length: 10 }, () => 10));
    expect([...binsOf(of(0.5, 0.5, NaN, 0.5, 0.9), { kind: 'equal-count', bins: 2 })]).toEqual([0, 0, -1, 0, 1]);
  });
  test('of equal count are those of floor(rank × bins ÷ rows) of the first of equal values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (values, bins) => {
        const expected = values.map(v => Math.floor((values.filter(w => w < v).length * bins) / values.length));
        expect([...binsOf(Float64Array.from(values), { kind: 'equal-count', bins })]).toEqual(expected);
      }),
    );
  });
  test('of a number that is none are refused', () => {
    expect(() => binsOf(of(1), { kind: 'equal-width', bins: 0 })).toThrow(UserError);
    expect(() => binsOf(of(1), { kind: 'equal-count', bins: 2.5 })).toThrow(UserError);
  });
});

describe('a reliability diagram', () => {
  test('sets the mean forecast of a group against how often it happened', () => {
    const rows = reliabilityRows(of(0.12, 0.18, 0.7, 0.75, NaN, 0.4), of(0, 1, 1, 1, 1, NaN), { binning: WIDTH });
    expect(rows.map(r => [r.forecast, r.observed, r.count])).toEqual([
      [0.15, 0.5, 2],
      [0.725, 1, 2],
    ]);
  });
  test('holds the diagonal within its intervals about as often as they say, when outcomes are drawn from the forecasts', () => {
    let [held, all] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const { probability, outcome } = drawn(seed, 1000);
      const up = Float64Array.from(outcome, (_, i) => probability[3 * i + 2]!);
      for (const { forecast, low, high } of reliabilityRows(
        up,
        outcome.map(c => (c === 2 ? 1 : 0)),
      )) {
        all++;
        if (low <= forecast && forecast <= high) held++;
      }
    }
    expect(held / all).toBeGreaterThan(0.92);
    expect(held / all).toBeLessThan(0.98);
  });
  test('has wider intervals where rows say less than they number', () => {
    const width = (independence: number) => {
      const [row] = reliabilityRows(of(0.5, 0.5, 0.5, 0.5), of(0, 1, 0, 1), { independence });
      return row!.high - row!.low;
    };
    expect(width(0.25)).toBeGreaterThan(width(1));
  });
});

describe('the parts of a Brier score', () => {
  test('are those worked out by hand for two forecasts that mean what they say', () => {
    // Five times 0.2 of which one came, five times 0.8 of which four came: mean 0.16, all of it 0.25 − (0.3)².
    const up = [...Array.from({ length: 5 }, () => 0.2), ...Array.from({ length: 5 }, () => 0.8)];
    const probability = Float64Array.from(up.flatMap(p => [1 - p, p]));
    const parts = brierDecomposition(probability, of(1, 0, 0, 0, 0, 1, 1, 1, 1, 0), { classes: 2 });
    const expected = { score: 0.16, reliability: 0, resolution: 0.09, uncertainty: 0.25, within: 0 };
    for (const [name, value] of Object.entries(expected)) expect(parts[name as keyof typeof parts]).toBeCloseTo(value, 12);
  });
  test('add up exactly when forecasts take few values, whatever comes', () => {
    const row = fc.tuple(fc.constantFrom([0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.6, 0.15, 0.25]), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), rows => {
        const probability = Float64Array.from(rows.flatMap(([p]) => p));
        const outcome = Float64Array.from(rows, ([, c]) => c);
        const parts = brierDecomposition(probability, outcome, { binning: WIDTH });
        expect(parts.reliability - parts.resolution + parts.uncertainty).toBeCloseTo(parts.score, 12);
        expect(parts.within).toBeCloseTo(0, 12);
        expect(Math.min(parts.reliability, parts.resolution, parts.uncertainty)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
  test('have what differs inside the groups as the variance less twice the covariance of Stephenson and others', () => {
    const { probability, outcome } = drawn('within', 500);
    let within = 0;
    for (let k = 0; k < 3; k++) {
      const p = Float64Array.from(outcome, (_, i) => probability[3 * i + k]!);
      const bins = binsOf(p, COUNT);
      for (let b = 0; b < 10; b++) {
        const members = [...bins.keys()].filter(i => bins[i] === b);
        const centre = members.reduce((t, i) => t + p[i]!, 0) / members.length;
        const share = members.filter(i => outcome[i] === k).length / members.length;
        for (const i of members) {
          const d = p[i]! - centre;
          within += (d * d - 2 * d * ((outcome[i] === k ? 1 : 0) - share)) / 500 / 2;
        }
      }
    }
    expect(brierDecomposition(probability, outcome).within).toBeCloseTo(within, 12);
  });
  test('are missing without rows', () => {
    expect(brierDecomposition(of(NaN, NaN, NaN), of(1)).score).toBeNaN();
  });
});

describe('expected calibration error', () => {
  test('is worked out by hand: the likeliest class, and class by class', () => {
    // Sure of 0.8 four times and right in two: off by 0.3. Of 0.6 twice, right in both: off by 0.4.
    const probability = of(0.8, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.8, 0.1, 0.2, 0.2, 0.6, 0.2, 0.2, 0.6);
    const outcome = of(0, 1, 1, 2, 2, 2);
    expect(topCalibrationError(probability, outcome, { binning: WIDTH })).toBeCloseTo((4 * 0.3 + 2 * 0.4) / 6, 12);
    // Down: 0.8 twice, came once; 0.1 twice and 0.2 twice, never came. Flat the same, with one of two at 0.8 and one of two at 0.1.
    const down = (2 * 0.3 + 2 * 0.1 + 2 * 0.2) / 6;
    const flat = (2 * 0.3 + 2 * 0.4 + 2 * 0.2) / 6;
    const up = (4 * Math.abs(0.25 - 0.1) + 2 * 0.4) / 6;
    expect(classwiseCalibrationError(probability, outcome, { binning: WIDTH })).toBeCloseTo((down + flat + up) / 3, 12);
  });
  test('is small for outcomes drawn from the forecasts, and large for forecasts that are too sure or too timid', () => {
    const honest = drawn('honest', 20_000);
    const timid = drawn('timid', 20_000, p => p * p * p);
    for (const error of [topCalibrationError, classwiseCalibrationError])
      for (const binning of [WIDTH, COUNT]) {
        expect(error(honest.probability, honest.outcome, { binning })).toBeLessThan(0.015);
        expect(error(timid.probability, timid.outcome, { binning })).toBeGreaterThan(0.08);
      }
  });
  test('passes over rows without a forecast or an outcome, and is missing without any', () => {
    const gaps = { probability: of(0.7, 0.2, 0.1, NaN, NaN, NaN, 0.7, 0.2, 0.1), outcome: of(0, 0, NaN) };
    expect(topCalibrationError(gaps.probability, gaps.outcome)).toBeCloseTo(0.3, 12);
    expect(classwiseCalibrationError(gaps.probability, gaps.outcome)).toBeCloseTo(0.2, 12);
    expect(topCalibrationError(of(NaN, NaN, NaN), of(1))).toBeNaN();
    expect(classwiseCalibrationError(of(NaN, NaN, NaN), of(1))).toBeNaN();
  });
});
