import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compoundReturn } from '../../src/metrics/total-return.js';
import { omegaRatio } from '../../src/metrics/omega.js';
import { deepestDrawdownOfReturns } from '../../src/metrics/max-drawdown.js';
import { resampledPaths } from '../../src/metrics/resampled-paths.js';
import { returnFunctions } from '../../src/metrics/return-functions.js';
import type { ReturnFunctionName } from '../../src/metrics/return-functions.js';
import { sharpeRatio } from '../../src/metrics/sharpe.js';
import { sortinoRatio } from '../../src/metrics/sortino.js';
import { annualVolatility } from '../../src/metrics/volatility.js';
import { random } from '../../src/random.js';
import { mean, skewness } from '../../src/statistics/moments.js';

const returnsOf = (n: number, seed: string): Float64Array => {
  const draw = random(seed);
  return Float64Array.from({ length: n }, () => 0.002 + 0.03 * draw.normal() + (draw.next() < 0.02 ? -0.1 : 0));
};
const { columns, functions } = returnFunctions(returnsOf(250, 'one'));
const meansOf = (rows: number[]) => Float64Array.from(columns, column => mean(rows.map(i => column[i]!)));
const all = Array.from({ length: 250 }, (_, i) => i);

describe('metrics as functions of means', () => {
  test('are the metrics themselves, on the returns and on any resample of them', () => {
    const returns = returnsOf(250, 'one');
    const metrics: Partial<Record<ReturnFunctionName, (sample: Float64Array) => number>> = {
      sharpe: sample => sharpeRatio(sample, 1),
      sortino: sample => sortinoRatio(sample, 1),
      volatility: sample => Math.log(annualVolatility(sample, 1)),
      growth: sample => Math.log(1 + compoundReturn(sample)) / sample.length,
      skew: skewness,
      omega: sample => Math.log(omegaRatio(sample)),
    };
    const draw = random('resample');
    for (const rows of [all, ...Array.from({ length: 20 }, () => all.map(() => draw.int(250)))]) {
      const sample = Float64Array.from(rows, i => returns[i]!);
      const means = meansOf(rows);
      for (const [name, metric] of Object.entries(metrics))
        expect(functions[name as ReturnFunctionName].value(means), name).toBeCloseTo(metric(sample), 9);
    }
  });
  test('have the slopes that small steps show', () => {
    const draw = random('slopes');
    for (const rows of [all, all.map(() => draw.int(250))])
      for (const [name, { value, gradient }] of Object.entries(functions)) {
        const means = meansOf(rows);
        const slopes = new Float64Array(means.length);
        gradient(means, slopes);
        means.forEach((m, k) => {
          const step = 1e-6 * Math.max(Math.abs(m), 1e-3);
          const at = (x: number) => value(means.map((y, j) => (j === k ? x : y)));
          const numeric = (at(m + step) - at(m - step)) / (2 * step);
          expect(Math.abs(slopes[k]! - numeric), `${name} by column ${k}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(numeric)));
        });
      }
  });
  test('put expected shortfall at threshold − mean excess ÷ tail, and the shares at the tails', () => {
    const means = meansOf(all);
    // Thirteen of 250 returns are at or below the type-7 5 % quantile.
    expect(functions.worstShare.value(means)).toBeCloseTo(Math.log(13 / 237), 12);
    expect(functions.tailShares.value(means)).toBeCloseTo(functions.worstShare.value(means) + functions.bestShare.value(means), 12);
  });
});

describe('the paths of resamples', () => {
  test('have the drawdown and growth of the same blocks put together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 90 }), fc.integer({ min: 1, max: 20 }), fc.integer(), (n, length, seed) => {
        const block = Math.min(length, n);
        const returns = returnsOf(n, `path ${seed}`);
        const draw = random(seed);
        const paths = resampledPaths(returns, block, 5);
        for (let s = 0; s < 5; s++) {
          const starts = Int32Array.from({ length: Math.ceil(n / block) }, () => draw.int(n));
          const sample = Float64Array.from({ length: n }, (_, i) => returns[(starts[Math.floor(i / block)]! + (i % block)) % n]!);
          paths.add(starts);
          expect(paths.deepest[s]).toBeCloseTo(deepestDrawdownOfReturns(sample), 12);
          expect(paths.growth[s]! - 1).toBe(compoundReturn(sample));
        }
      }),
      { numRuns: 100 },
    );
  });
  test('end at nothing after a return of −1', () => {
    const paths = resampledPaths([0.1, -1, 0.5], 3, 1);
    paths.add(Int32Array.of(0));
    expect([paths.deepest[0], paths.growth[0]]).toEqual([-1, 0]);
  });
});
