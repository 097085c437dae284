import fc from 'fast-check';
import { sampleCorrelation } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { readSketch, sketchOf } from '../../src/experiments/returns-sketch.js';
import { random } from '../../src/random.js';

/** Two series with a correlation of `rho` as far as `days` of them can show it. */
const pair = (days: number, rho: number, seed: string): readonly [Float64Array, Float64Array] => {
  const draw = random(seed);
  const left = Float64Array.from({ length: days }, () => 0.02 * draw.normal());
  return [left, left.map(value => rho * value + Math.sqrt(1 - rho * rho) * 0.02 * draw.normal())];
};
const correlation = (a: Float64Array, b: Float64Array): number => sampleCorrelation([...a], [...b]);
const throughSketches = (a: Float64Array, b: Float64Array): number => correlation(readSketch(sketchOf(a)!), readSketch(sketchOf(b)!));

describe('a sketch of returns', () => {
  test('holds one sum a block: a day each up to 256 days, then blocks whose sizes differ by one day at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), days => {
        const blocks = Math.min(days, 256);
        const sizes = readSketch(sketchOf(new Float64Array(days).fill(0.001))!);
        expect(sizes.length).toBe(blocks);
        // Returns that are all the same make each sum its block's size: between the two whole numbers around days ÷ blocks.
        const least = Math.floor(days / blocks) / Math.ceil(days / blocks);
        expect(Math.min(...sizes) / 127).toBeGreaterThan(least - 1 / 127);
        expect(Math.max(...sizes)).toBe(127);
      }),
    );
  });

  test('keeps each sum to half a 127th of the largest, and the sign', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 256 }), returns => {
        const largest = Math.max(...returns.map(Math.abs));
        if (largest < 1e-300) return;
        readSketch(sketchOf(Float64Array.from(returns))!).forEach((steps, i) =>
          expect(Math.abs((steps / 127) * largest - returns[i]!)).toBeLessThanOrEqual((largest / 254) * (1 + 1e-12)),
        );
      }),
    );
  });

  test('gives the correlation of a year of days to a hundredth, also where one day is 20 times the others', () => {
    for (const rho of [-0.5, 0, 0.5, 0.95, 1])
      for (let seed = 0; seed < 10; seed++) {
        const [a, b] = pair(250, rho, `year-${seed}`);
        expect(Math.abs(throughSketches(a, b) - correlation(a, b))).toBeLessThan(0.01);
        const shocked = [a, b].map((column, i) => column.with(100, i === 0 ? 0.4 : -0.4)) as [Float64Array, Float64Array];
        expect(Math.abs(throughSketches(...shocked) - correlation(...shocked))).toBeLessThan(0.03);
      }
  });

  test('over ten years leaves the error of 255 observations: (1 − ρ²) ÷ √255', () => {
    for (const rho of [0, 0.6, 0.9]) {
      const errors = Array.from({ length: 80 }, (_, seed) => throughSketches(...pair(3650, rho, `long-${seed}`)) - rho);
      const stated = (1 - rho * rho) / Math.sqrt(255);
      const spread = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
      expect(spread / stated).toBeGreaterThan(0.75);
      expect(spread / stated).toBeLessThan(1.25);
    }
  });

  test('takes 344 characters at most', () => {
    for (const days of [256, 257, 100_000]) expect(sketchOf(new Float64Array(days).fill(-1))!.length).toBe(344);
  });

  test('there is none of no returns, or of one that is not finite; one of a strategy that never traded is flat', () => {
    expect(sketchOf(new Float64Array())).toBeNull();
    expect(sketchOf(Float64Array.of(0.1, NaN))).toBeNull();
    expect(sketchOf(Float64Array.of(0.1, Infinity))).toBeNull();
    expect([...readSketch(sketchOf(new Float64Array(5))!)]).toEqual([0, 0, 0, 0, 0]);
  });
});
