import { describe, expect, test } from 'vitest';
import { pairedDifferences, type PairedFigure, type PairedFigureName } from '../../src/metrics/paired-differences.js';
import { pairedFunctions } from '../../src/metrics/paired-functions.js';
import { sharpeRatio } from '../../src/metrics/sharpe.js';
import { returnIntervals } from '../../src/metrics/intervals.js';
import { random } from '../../src/random.js';
import { mean, standardDeviation } from '../../src/statistics/moments.js';
import { pairedCorrelation } from '../../src/statistics/paired-correlation.js';

interface Law {
  readonly means: readonly [number, number];
  readonly deviations: readonly [number, number];
  readonly rho: number;
}

/** Two normal series with this correlation. */
const pair = ({ means, deviations, rho }: Law, days: number, seed: number): [Float64Array, Float64Array] => {
  const draw = random(seed);
  const first = new Float64Array(days);
  const second = new Float64Array(days);
  for (let i = 0; i < days; i++) {
    const [x, y] = [draw.normal(), draw.normal()];
    first[i] = means[0] + deviations[0] * x;
    second[i] = means[1] + deviations[1] * (rho * x + Math.sqrt(1 - rho * rho) * y);
  }
  return [first, second];
};

const given = (figures: ReturnType<typeof pairedDifferences>, name: PairedFigureName): PairedFigure => {
  const figure = figures[name];
  if ('undefined' in figure) throw new Error(`${name}: ${figure.undefined}`);
  return figure;
};

const LAW: Law = { means: [0.0006, 0.001], deviations: [0.01, 0.014], rho: 0.7 };

describe('paired differences', () => {
  test('hold the true difference about as often as they say', () => {
    const year = 365;
    const truth: Partial<Record<PairedFigureName, number>> = {
      meanReturn: year * 0.0004,
      sharpe: Math.sqrt(year) * (0.001 / 0.014 - 0.06),
      volatility: Math.sqrt(year) * 0.004,
      correlation: 0.7,
    };
    const held: Record<string, number> = {};
    const seeds = 120;
    for (let seed = 0; seed < seeds; seed++) {
      const figures = pairedDifferences(...pair(LAW, 400, seed), year, { seed, samples: 200 });
      for (const [name, value] of Object.entries(truth)) {
        const { low, high } = given(figures, name as PairedFigureName);
        held[name] = (held[name] ?? 0) + (low <= value && value <= high ? 1 : 0);
      }
    }
    // Three points and two standard errors.
    for (const name of Object.keys(truth))
      expect(held[name]! / seeds, name).toBeGreaterThan(0.95 - 0.03 - 2 * Math.sqrt((0.95 * 0.05) / seeds));
  });

  test('call two equals different about as often as the p-value says', () => {
    const equal: Law = { means: [0.0005, 0.001], deviations: [0.01, 0.02], rho: 0.6 };
    const seeds = 120;
    let rejected = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const { p } = given(pairedDifferences(...pair(equal, 400, 1000 + seed), 365, { seed, samples: 200 }), 'sharpe');
      if (p! <= 0.05) rejected++;
    }
    expect(rejected / seeds).toBeLessThan(0.08 + 2 * Math.sqrt((0.05 * 0.95) / seeds));
  });

  test('of normal days have the width of Jobson & Korkie’s test as corrected by Memmel (2003)', () => {
    const days = 20_000;
    const { low, high } = given(pairedDifferences(...pair(LAW, days, 4), 1, { seed: 1, samples: 1500 }), 'sharpe');
    const [a, b, rho] = [0.06, 0.001 / 0.014, 0.7];
    const error = Math.sqrt((2 - 2 * rho + 0.5 * (a * a + b * b - 2 * a * b * rho * rho)) / days);
    expect((high - low) / 2 / (1.96 * error)).toBeGreaterThan(0.85);
    expect((high - low) / 2 / (1.96 * error)).toBeLessThan(1.2);
  });

  test('know the difference of two alike runs far better than either run', () => {
    const [first, second] = pair({ ...LAW, means: [0.0006, 0.0011], deviations: [0.01, 0.01], rho: 0.99 }, 700, 9);
    const { low, high, p } = given(pairedDifferences(first, second, 365, { seed: 1 }), 'sharpe');
    const alone = returnIntervals(first, 365, { seed: 1 }).sharpe;
    expect(high - low).toBeLessThan((alone.high - alone.low) / 4);
    expect(p).toBeLessThan(0.05);
  });

  test('turn their sign with the order, and give the metrics of each', () => {
    const [first, second] = pair(LAW, 300, 3);
    const [there, back] = [pairedDifferences(first, second, 365, { seed: 5 }), pairedDifferences(second, first, 365, { seed: 5 })];
    for (const name of ['meanReturn', 'cagr', 'sharpe', 'volatility', 'maxDrawdown'] as const) {
      const [one, other] = [given(there, name), given(back, name)];
      expect(one.difference).toBeCloseTo(-other.difference, 12);
      expect(one.low).toBeCloseTo(-other.high, 9);
      expect(one.p ?? 1).toBeCloseTo(other.p ?? 1, 2);
    }
    expect(given(there, 'sharpe').second).toBe(sharpeRatio(second, 365));
    expect(given(there, 'meanReturn').first).toBeCloseTo(365 * mean(first), 14);
    expect(given(there, 'correlation').difference).toBe(pairedCorrelation(first, second));
  });

  test('are not given for few days, idle runs or one run twice, and say why', () => {
    const [first, second] = pair(LAW, 300, 3);
    const reason = (a: Float64Array, b: Float64Array): unknown => pairedDifferences(a, b, 365, { seed: 1 }).sharpe;
    expect(reason(first.subarray(0, 59), second.subarray(0, 59))).toEqual({
      undefined: 'only 59 common periods of the 60 that a difference needs',
    });
    expect(reason(first, new Float64Array(300))).toEqual({ undefined: 'the returns of one of them do not vary' });
    expect(reason(first, first)).toEqual({ undefined: 'the two do not differ on any day' });
    expect(pairedDifferences(first, second.with(7, -1), 365, { seed: 1 }).cagr).toHaveProperty('undefined');
  });
});

describe('the functions behind them', () => {
  test('have the slopes that small steps give', () => {
    const [first, second] = pair(LAW, 200, 8);
    const { columns, functions } = pairedFunctions(first, second, 365);
    const means = Float64Array.from(columns, mean);
    for (const [name, { value, gradient }] of Object.entries(functions)) {
      const slopes = new Float64Array(means.length);
      gradient(means, slopes);
      means.forEach((_, k) => {
        const step = 1e-6;
        const slope = (value(means.with(k, means[k]! + step)) - value(means.with(k, means[k]! - step))) / (2 * step);
        expect(slopes[k], `${name} by column ${k}`).toBeCloseTo(slope, 4);
      });
    }
    expect(functions.volatility.value(means)).toBeCloseTo((standardDeviation(second) - standardDeviation(first)) * Math.sqrt(365), 12);
  });
});
