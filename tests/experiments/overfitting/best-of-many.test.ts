import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { realityCheck } from '../../../src/experiments/overfitting/reality-check.js';
import { resampledMeans } from '../../../src/experiments/overfitting/resampled-means.js';
import { stationaryVariance } from '../../../src/experiments/overfitting/stationary-variance.js';
import { stepwiseTest } from '../../../src/experiments/overfitting/stepwise.js';
import { superiorPredictiveAbility } from '../../../src/experiments/overfitting/superior-predictive-ability.js';
import { random } from '../../../src/random.js';
import { resampleBlocks } from '../../../src/statistics/bootstrap.js';

const average = (values: Iterable<number>): number => {
  const all = [...values];
  return all.reduce((a, b) => a + b, 0) / all.length;
};

/** `strategies` columns that share half of their variance; `drift` in standard deviations. */
const returns = (strategies: number, rows: number, seed: number | string, drift = (_k: number) => 0, spread = (_k: number) => 1) => {
  const draw = random(seed);
  const market = Array.from({ length: rows }, () => draw.normal());
  return Array.from({ length: strategies }, (_, k) =>
    Float64Array.from(market, m => spread(k) * (drift(k) + Math.SQRT1_2 * (m + draw.normal()))),
  );
};

/** Rows of each resample, drawn as the platform draws them for one series. */
const resampledRows = (rows: number, samples: number, meanBlock: number, seed: number | string): number[][] => {
  const draw = random(seed).fork('resampled-means');
  const out = new Float64Array(rows);
  const everyRow = Array.from({ length: rows }, (_, t) => t);
  return Array.from({ length: samples }, () => {
    resampleBlocks(everyRow, meanBlock, draw, out);
    return [...out];
  });
};

/** ω² lag by lag, as Hansen (2005) writes it. */
const slowVariance = (column: Float64Array, meanBlock: number): number => {
  const n = column.length;
  const q = 1 / meanBlock;
  const centre = average(column);
  const covariance = (lag: number) => {
    let sum = 0;
    for (let t = 0; t + lag < n; t++) sum += (column[t]! - centre) * (column[t + lag]! - centre);
    return sum / n;
  };
  let total = covariance(0);
  for (let i = 1; i < n; i++) {
    const kernel = ((n - i) / n) * (1 - q) ** i + (i / n) * (1 - q) ** (n - i);
    total += 2 * kernel * covariance(i);
  }
  return total;
};

/** All three tests written out: resample the returns themselves day by day, recentre, compare. */
const slowly = (columns: Float64Array[], samples: number, meanBlock: number, seed: number | string) => {
  const n = columns[0]!.length;
  const means = columns.map(average);
  const omega = columns.map(column => Math.sqrt(slowVariance(column, meanBlock)));
  const t = means.map((m, k) => (Math.sqrt(n) * m) / omega[k]!);
  const recentre = {
    lower: (m: number) => Math.max(0, m),
    consistent: (m: number, k: number) => (m >= -Math.sqrt(((omega[k]! * omega[k]!) / n) * 2 * Math.log(Math.log(n))) ? m : 0),
    upper: (m: number) => m,
  };
  const resamples = resampledRows(n, samples, meanBlock, seed).map(rows => columns.map(column => average(rows.map(row => column[row]!))));
  const share = (reached: (resample: number[]) => boolean) => (1 + resamples.filter(reached).length) / (1 + samples);
  const spa = (g: (m: number, k: number) => number) =>
    share(resample => Math.max(0, ...resample.map((m, k) => (Math.sqrt(n) * (m - g(means[k]!, k))) / omega[k]!)) >= Math.max(0, ...t));
  // Stepdown as Romano & Wolf (2005) describe it: take the best out, test the rest, and so on.
  const stepwise = new Map<number, number>();
  let rest = t.map((_, k) => k);
  let least = 0;
  while (rest.length > 0) {
    const best = rest.reduce((a, b) => (t[b]! > t[a]! ? b : a));
    const among = rest;
    least = Math.max(
      least,
      share(resample => Math.max(...among.map(k => (Math.sqrt(n) * (resample[k]! - means[k]!)) / omega[k]!)) >= t[best]!),
    );
    stepwise.set(best, least);
    rest = rest.filter(k => k !== best);
  }
  return {
    realityCheck: share(resample => Math.max(...resample.map((m, k) => m - means[k]!)) >= Math.max(...means)),
    lower: spa(recentre.lower),
    consistent: spa(recentre.consistent),
    upper: spa(recentre.upper),
    stepwise: t.map((_, k) => stepwise.get(k)!),
  };
};

describe('the bootstrap of many means at once', () => {
  test('gives the mean of each resample, the same rows for all columns', () => {
    const columns = returns(5, 60, 'means', k => k);
    for (const meanBlock of [1, 4, 200]) {
      const expected = resampledRows(60, 20, meanBlock, 7);
      const found: number[][] = [];
      const { each, means } = resampledMeans(columns, { samples: 20, meanBlock, seed: 7 });
      each(deviations => found.push([...deviations]));
      expect(found).toHaveLength(20);
      found.forEach((deviations, s) =>
        deviations.forEach((d, k) => expect(d + means[k]!).toBeCloseTo(average(expected[s]!.map(row => columns[k]![row]!)), 12)),
      );
    }
  });
  test('has the variance that the closed form says, lag by lag and in resamples', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 }),
        fc.double({ min: 1, max: 60, noNaN: true }),
        (values, meanBlock) => {
          const column = Float64Array.from(values);
          const centre = average(column);
          expect(
            stationaryVariance(
              column.map(v => v - centre),
              meanBlock,
            ),
          ).toBeCloseTo(slowVariance(column, meanBlock), 11);
        },
      ),
    );
    const draw = random('ar');
    const column = new Float64Array(200);
    for (let t = 1; t < 200; t++) column[t] = 0.6 * column[t - 1]! + draw.normal();
    const { each, variances } = resampledMeans([column], { samples: 4000, meanBlock: 12, seed: 1 });
    let squares = 0;
    each(([d]) => (squares += (200 * d! * d!) / 4000));
    // A variance of 4,000 draws is off by 2 % as a rule.
    expect(Math.abs(squares / variances[0]! - 1)).toBeLessThan(0.07);
  });
  test('chooses blocks from the columns when none are asked for, and repeats itself', () => {
    const draw = random('long');
    const columns = Array.from({ length: 3 }, () => {
      const column = new Float64Array(400);
      for (let t = 1; t < 400; t++) column[t] = 0.9 * column[t - 1]! + draw.normal();
      return column;
    });
    const options = { samples: 50, seed: 'a' };
    const { meanBlock, each } = resampledMeans(columns, options);
    expect(meanBlock).toBeGreaterThan(5);
    expect(resampledMeans(returns(3, 400, 'short'), options).meanBlock).toBeLessThan(5);
    const first: number[] = [];
    const second: number[] = [];
    each(([d]) => first.push(d!));
    each(([d]) => second.push(d!));
    expect(second).toEqual(first);
  });
  test('refuses what it cannot test', () => {
    const run =
      (columns: Float64Array[], options: object = {}) =>
      () =>
        resampledMeans(columns, { samples: 10, seed: 1, ...options });
    const good = returns(2, 20, 1);
    for (const bad of [
      run([]),
      run(returns(2, 9, 1)),
      run([good[0]!, new Float64Array(21)]),
      run([good[0]!, new Float64Array(20).fill(NaN)]),
      run(good, { samples: 0 }),
      run(good, { meanBlock: 0.5 }),
    ])
      expect(bad).toThrow(UserError);
  });
});

describe('reality check, SPA and stepwise test', () => {
  test.each([
    ['noise', () => 0],
    ['some edge, some poor', (k: number) => (k === 2 ? 0.2 : k === 3 ? 0.12 : k > 4 ? -0.3 : 0)],
    ['all poor', (k: number) => -0.05 * k],
  ] as const)('agree with the same tests written out day by day: %s', (_, drift) => {
    const columns = returns(8, 90, 'slow', drift, k => 1 + k);
    const options = { samples: 199, meanBlock: 3, seed: 'slow' };
    const expected = slowly(columns, 199, 3, 'slow');
    const { lower, consistent, upper } = superiorPredictiveAbility(columns, options);
    expect(realityCheck(columns, options).pValue).toBeCloseTo(expected.realityCheck, 12);
    expect({ lower, consistent, upper }).toEqual({ lower: expected.lower, consistent: expected.consistent, upper: expected.upper });
    expect([...stepwiseTest(columns, options).pValues]).toEqual(expected.stepwise);
  });
  test('order the p-values of SPA: lower ≤ consistent ≤ upper, and the best stepwise one is the upper', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: -0.4, max: 0.2, noNaN: true }),
        (seed, strategies, drift) => {
          const columns = returns(strategies, 60, seed, k => (k % 2 === 0 ? drift : 0));
          const options = { samples: 99, meanBlock: 2, seed };
          const spa = superiorPredictiveAbility(columns, options);
          expect(spa.lower).toBeLessThanOrEqual(spa.consistent);
          expect(spa.consistent).toBeLessThanOrEqual(spa.upper);
          const { pValues, statistics } = stepwiseTest(columns, options);
          expect(statistics.indexOf(Math.max(...statistics))).toBe(spa.best);
          if (spa.statistic > 0) expect(Math.min(...pValues)).toBe(spa.upper);
        },
      ),
      { numRuns: 50 },
    );
  });
  test('have p-values that are uniform where nobody has an edge', () => {
    const trials = 300;
    const found = Array.from({ length: trials }, (_, seed) => {
      const columns = returns(8, 80, `null-${seed}`);
      const options = { samples: 99, meanBlock: 1, seed };
      return [
        realityCheck(columns, options).pValue,
        superiorPredictiveAbility(columns, options).consistent,
        Math.min(...stepwiseTest(columns, options).pValues),
      ];
    });
    for (const test of [0, 1, 2])
      for (const p of [0.05, 0.25, 0.5, 0.75]) {
        const share = found.filter(values => values[test]! <= p).length / trials;
        // Three standard errors, and 0.02 for the bootstrap's own shortcoming at 80 days.
        expect(Math.abs(share - p)).toBeLessThan(0.02 + 3 * Math.sqrt((p * (1 - p)) / trials));
      }
  });
  test('poor wild strategies blunt the reality check but hardly SPA', () => {
    const good = returns(10, 250, 'poor', k => (k === 0 ? 0.2 : 0));
    const poor = returns(
      40,
      250,
      'poorer',
      () => -0.5,
      () => 5,
    );
    const options = { samples: 499, meanBlock: 1, seed: 1 };
    const before = { rc: realityCheck(good, options).pValue, spa: superiorPredictiveAbility(good, options).consistent };
    const after = realityCheck([...good, ...poor], options).pValue;
    expect(before.rc).toBeLessThan(0.05);
    expect(after).toBeGreaterThan(0.2);
    expect(superiorPredictiveAbility([...good, ...poor], options).consistent).toBeCloseTo(before.spa, 2);
    expect(superiorPredictiveAbility([...good, ...poor], options).upper).toBeGreaterThan(before.spa);
  });
  test('the stepwise test accepts the better ones only, whatever their order, and more than one step would', () => {
    const drift = (k: number) => (k === 4 ? 0.5 : k === 1 ? 0.35 : 0);
    const columns = returns(8, 200, 'steps', drift);
    const { pValues } = stepwiseTest(columns, { samples: 499, meanBlock: 1, seed: 1 });
    expect([...pValues].flatMap((p, k) => (p <= 0.05 ? [k] : []))).toEqual([1, 4]);
    const reversed = stepwiseTest(columns.toReversed(), { samples: 499, meanBlock: 1, seed: 1 });
    expect([...reversed.pValues].reverse()).toEqual([...pValues]);
  });
  test('a strategy that did nothing is no rival, and a constant gain is beyond doubt', () => {
    const columns = returns(3, 50, 'flat', () => -0.3);
    const options = { samples: 99, meanBlock: 1, seed: 1 };
    const idle = superiorPredictiveAbility([...columns, new Float64Array(50)], options);
    expect([idle.statistic, idle.best, idle.consistent, idle.lower, idle.upper]).toEqual([0, 3, 1, 1, 1]);
    const steady = [...columns, new Float64Array(50).fill(0.1), new Float64Array(50).fill(-0.1)];
    expect(superiorPredictiveAbility(steady, options)).toMatchObject({ best: 3, consistent: 0.01, statistic: Infinity });
    expect([...stepwiseTest(steady, options).pValues]).toEqual(
      [1, 1, 1, 0.01, 1].map((p, k) => (k < 3 ? (expect.any(Number) as number) : p)),
    );
  });
  test('test 100 configurations of 1,000 days with 1,000 resamples in little time', () => {
    const columns = returns(100, 1000, 'speed');
    // Processor time: the machine may be busy with other tests.
    const began = process.cpuUsage();
    realityCheck(columns, { samples: 1000, seed: 1 });
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
  });
});
