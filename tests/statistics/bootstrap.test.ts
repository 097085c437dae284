import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { random } from '../../src/random.js';
import { resampleBlocks, stationaryBootstrap, stationaryBootstraps } from '../../src/statistics/bootstrap.js';
import { mean, variance } from '../../src/statistics/moments.js';

const autoregression = (rho: number, n: number, seed: number | string): Float64Array => {
  const draw = random(seed);
  const xs = new Float64Array(n + 100);
  for (let i = 1; i < xs.length; i++) xs[i] = rho * xs[i - 1]! + draw.normal();
  return xs.subarray(100);
};

/** Share of 90 % intervals of the mean that hold the true mean, 0. */
const coverage = (rho: number, meanBlock?: number): number => {
  const repetitions = 300;
  let held = 0;
  for (let r = 0; r < repetitions; r++) {
    const xs = autoregression(rho, 250, `coverage-${r}`);
    const { low, high } = stationaryBootstrap(xs, mean, { samples: 200, seed: r, level: 0.9, ...(meanBlock && { meanBlock }) });
    if (low <= 0 && high >= 0) held++;
  }
  return held / repetitions;
};

describe('stationaryBootstrap', () => {
  test('holds the true mean of independent returns about as often as it says', () => {
    const share = coverage(0);
    expect(share).toBeGreaterThan(0.84);
    expect(share).toBeLessThan(0.95);
  });
  test('does so for returns that remember, where drawing single days does not', () => {
    expect(coverage(0.5)).toBeGreaterThan(0.8);
    // Independent draws miss a factor √3 of the error: 90 % becomes 66 %.
    expect(coverage(0.5, 1)).toBeLessThan(0.75);
  });
  test('of single days has the closed-form variance of a mean, population variance ÷ n', () => {
    const xs = autoregression(0, 100, 'closed form');
    const { samples, estimate } = stationaryBootstrap(xs, mean, { samples: 20_000, seed: 1, meanBlock: 1 });
    expect(estimate).toBe(mean(xs));
    expect(variance(samples) / (variance(xs, 0) / 100)).toBeCloseTo(1, 1);
  });
  test('cuts blocks of the mean length asked for, wrapping round the end, every start equally likely', () => {
    const n = 50;
    const values = Float64Array.from({ length: n }, (_, i) => i);
    const out = new Float64Array(200_000);
    resampleBlocks(values, 8, random(2), out);
    let breaks = 0;
    let wraps = 0;
    const counts = new Float64Array(n);
    out.forEach((x, i) => {
      counts[x]!++;
      if (i > 0 && x !== (out[i - 1]! + 1) % n) breaks++;
      if (i > 0 && x === 0 && out[i - 1] === n - 1) wraps++;
    });
    // A fresh start continues the block by chance once in n.
    expect(breaks / out.length).toBeCloseTo((1 / 8) * (1 - 1 / n), 2);
    expect(wraps).toBeGreaterThan(2000);
    for (const c of counts) expect(Math.abs(c / (out.length / n) - 1)).toBeLessThan(0.15);
  });
  test('is the same for the same seed, another for another, and whichever statistics stand beside it', () => {
    const xs = autoregression(0.3, 120, 'seed');
    const options = { samples: 100, seed: 'a' };
    const one = stationaryBootstrap(xs, mean, options);
    expect(stationaryBootstrap(xs, mean, options)).toEqual(one);
    expect(stationaryBootstrap(xs, mean, { ...options, seed: 'b' }).low).not.toBe(one.low);
    expect(stationaryBootstraps(xs, { other: variance, mean }, options).mean).toEqual(one);
  });
  test('leaves out resamples on which the statistic is not defined', () => {
    const xs = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    const { samples, low } = stationaryBootstrap(xs, s => (s.includes(1) ? 5 : NaN), { samples: 200, seed: 1, meanBlock: 1 });
    // A resample misses the one with probability 0.9^10 = 0.35.
    expect(samples.length).toBeGreaterThan(100);
    expect(samples.length).toBeLessThan(160);
    expect(low).toBe(5);
  });
  test('refuses what it cannot do', () => {
    const run = (values: number[], options: object) => () => stationaryBootstrap(values, mean, { samples: 10, seed: 1, ...options });
    for (const bad of [run([1], {}), run([1, 2], { samples: 0 }), run([1, 2], { meanBlock: 0.5 }), run([1, 2], { level: 95 })])
      expect(bad).toThrow(UserError);
  });
});
