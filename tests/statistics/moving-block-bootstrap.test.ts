import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { random } from '../../src/random.js';
import { mean, variance } from '../../src/statistics/moments.js';
import { movingBlockBootstrap, resampleMovingBlocks } from '../../src/statistics/moving-block-bootstrap.js';

const noise = (n: number, seed: string): Float64Array => {
  const draw = random(seed);
  return Float64Array.from({ length: n }, () => draw.normal());
};

describe('the moving block bootstrap', () => {
  test('cuts blocks of the length asked for, wrapping round the end, every start equally likely', () => {
    const n = 50;
    const out = new Float64Array(7 * 20_000 + 3);
    resampleMovingBlocks(
      Array.from({ length: n }, (_, i) => i),
      7,
      random(1),
      out,
    );
    const starts = new Float64Array(n);
    out.forEach((x, i) => {
      if (i % 7 === 0) starts[x]!++;
      else expect(x).toBe((out[i - 1]! + 1) % n);
    });
    for (const count of starts) expect(Math.abs(count / (20_000 / n) - 1)).toBeLessThan(0.2);
  });
  test('gives a mean the variance of blocks: Σ over all starts of (block sum − its expectation)² ÷ (n · block · n)', () => {
    const values = noise(60, 'closed form').map((x, i, all) => x + 0.8 * (all[i - 1] ?? 0));
    const centre = mean(values);
    const exact = Array.from({ length: 60 }, (_, start) => {
      const total = Array.from({ length: 6 }, (__, j) => values[(start + j) % 60]! - centre).reduce((a, x) => a + x, 0);
      return (total * total) / (60 * 6 * 60);
    }).reduce((a, x) => a + x, 0);
    const { samples, estimate } = movingBlockBootstrap(values, mean, { samples: 20_000, seed: 1, meanBlock: 6 });
    expect(estimate).toBe(centre);
    expect(variance(samples) / exact).toBeCloseTo(1, 1);
  });
  test('is the same for the same seed and chooses its length from the data', () => {
    const values = noise(200, 'seed');
    const one = movingBlockBootstrap(values, mean, { samples: 50, seed: 'a' });
    expect(movingBlockBootstrap(values, mean, { samples: 50, seed: 'a' })).toEqual(one);
    expect(movingBlockBootstrap(values, mean, { samples: 50, seed: 'b' }).low).not.toBe(one.low);
    expect(Number.isInteger(one.meanBlock)).toBe(true);
  });
  test('refuses what it cannot do', () => {
    expect(() => movingBlockBootstrap([1], mean, { samples: 10, seed: 1 })).toThrow(UserError);
    expect(() => movingBlockBootstrap([1, 2, 3], mean, { samples: 10, seed: 1, meanBlock: 0 })).toThrow(UserError);
  });
});
