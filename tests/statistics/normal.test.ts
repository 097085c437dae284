import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalCdf, normalDensity, normalQuantile } from '../../src/statistics/normal.js';

const relative = (a: number, b: number) => Math.abs(a / b - 1);

// Sixty-digit arithmetic of mpmath, rounded.
const CDF = [
  [-33.337, 5.620799868987012e-244],
  [-25.037, 1.2094625743055938e-138],
  [-12.44, 7.925195985098978e-36],
  [-20, 2.7536241186062337e-89],
  [-8.5, 9.479534822203318e-18],
  [-5.7, 5.990371401063528e-9],
  [-5.6, 1.071759025831093e-8],
  [-3, 0.0013498980316300946],
  [-1, 0.15865525393145705],
  [-0.5, 0.3085375387259869],
  [0.3, 0.6179114221889527],
  [0.67, 0.7485711049046899],
  [1.2, 0.8849303297782917],
  [2.5, 0.9937903346742238],
  [6, 0.9999999990134123],
] as const;
const QUANTILE = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798407],
  [0.001, -3.0902323061678136],
  [0.025, -1.9599639845400543],
  [0.3, -0.5244005127080408],
  [0.93, 1.4757910281791706],
] as const;

/** Φ by its power series of positive terms (centre) and by Laplace's continued fraction (tail): slow and independent. */
const slowCdf = (x: number): number => {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) < 3) {
    let term = x;
    let total = x;
    for (let k = 1; k < 200; k++) total += term *= (x * x) / (2 * k + 1);
    return 0.5 + density * total;
  }
  let fraction = Math.abs(x);
  for (let k = 400; k > 0; k--) fraction = Math.abs(x) + k / fraction;
  return x < 0 ? density / fraction : 1 - density / fraction;
};

describe('the normal law', () => {
  test.each(CDF)('Φ(%d) to 1e-15', (x, p) => expect(relative(normalCdf(x), p)).toBeLessThan(1e-15));
  test.each(QUANTILE)('Φ⁻¹(%d) to 1e-15', (p, x) => expect(relative(normalQuantile(p), x)).toBeLessThan(1e-15));
  test('Φ agrees with series and continued fraction everywhere', () => {
    fc.assert(
      fc.property(fc.double({ min: -12, max: 12, noNaN: true }), x => {
        expect(relative(normalCdf(x), slowCdf(x))).toBeLessThan(3e-13);
      }),
      { numRuns: 500 },
    );
  });
  test('Φ⁻¹ inverts Φ in both tails and is odd', () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 0, noNaN: true }), x => {
        expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(4e-15 * Math.max(1, -x));
      }),
    );
    expect(normalQuantile(0.75)).toBe(-normalQuantile(0.25));
  });
  test('the density is the slope of Φ and peaks at 1 ÷ √2π', () => {
    expect(normalDensity(0)).toBe(0.3989422804014327);
    for (const x of [-3, -1, 0.2, 2]) expect((normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5).toBeCloseTo(normalDensity(x), 9);
  });
  test('has its limits at the ends', () => {
    expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(0)]).toEqual([0, 1, 0.5]);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5), normalQuantile(-0.1), normalQuantile(1.1)]).toEqual([
      -Infinity,
      Infinity,
      0,
      NaN,
      NaN,
    ]);
    expect([normalCdf(NaN), normalDensity(Infinity)]).toEqual([NaN, 0]);
  });
});
