import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { chiSquareTail, uniformityChiSquare } from '../../../src/models/scores/chi-square.js';
import { uniformityTest } from '../../../src/models/scores/kolmogorov-smirnov.js';
import { pitValues } from '../../../src/models/scores/pit.js';
import { random } from '../../../src/random.js';

const of = (...values: number[]) => Float64Array.from(values);

/** Transforms of normal values of growing width under forecasts whose width is `times` the true one and whose mean is off by `shift` of it. */
const transforms = (seed: number | string, n: number, times: number, shift = 0) => {
  const draw = random(seed);
  const sd = Float64Array.from({ length: n }, (_, i) => 0.01 + (0.02 * i) / n);
  const value = sd.map(s => s * draw.normal());
  return pitValues(
    sd.map(s => shift * s),
    sd.map(s => times * s),
    value,
  );
};
const share = (test: (values: Float64Array) => { readonly p: number }, times: number, shift = 0) => {
  let rejected = 0;
  for (let seed = 0; seed < 400; seed++) if (test(transforms(`pit-${seed}`, 100, times, shift)).p < 0.05) rejected++;
  return rejected / 400;
};

describe('probability integral transforms', () => {
  test('are the probability below the value, and missing where a part is', () => {
    const values = pitValues(of(0, 0, 1, NaN, 0, 0), of(1, 2, 1, 1, 0, NaN), of(0, 3.919927969080108, 1 - 1.6448536269514722, 0, 0, 0));
    expect(values[0]).toBe(0.5);
    expect(values[1]).toBeCloseTo(0.975, 12);
    expect(values[2]).toBeCloseTo(0.05, 12);
    expect([...values.subarray(3)]).toEqual([NaN, NaN, NaN]);
  });
});

describe.each([
  ['Kolmogorov and Smirnov', uniformityTest],
  ['Pearson', (values: Float64Array) => uniformityChiSquare(values)],
] as const)('the test of %s', (_, uniform) => {
  test('rejects forecasts of the right law about as often as it says, and wrong ones most of the time', () => {
    expect(share(uniform, 1)).toBeGreaterThan(0.025);
    expect(share(uniform, 1)).toBeLessThan(0.08);
    expect(share(uniform, 0.5)).toBeGreaterThan(0.7);
    expect(share(uniform, 1, 0.5)).toBeGreaterThan(0.8);
  });
  test('passes over what is missing', () => {
    expect(uniform(of(0.1, NaN, 0.7))).toEqual(uniform(of(0.1, 0.7)));
    expect(uniform(of(NaN))).toEqual({ statistic: NaN, p: NaN, count: 0 });
  });
});

describe('the statistic of Kolmogorov', () => {
  test('is the largest distance from the diagonal', () => {
    // Steps at 0.1, 0.2, 0.9: just after 0.2 the distribution is 2/3.
    expect(uniformityTest(of(0.9, 0.1, 0.2)).statistic).toBeCloseTo(2 / 3 - 0.2, 12);
    expect(uniformityTest(of(0.5)).statistic).toBe(0.5);
  });
  test.each([
    // Critical values of the limit law, as tabled by Smirnov (1948), with Stephens' correction taken back.
    [0.1, 1.2238],
    [0.05, 1.3581],
    [0.01, 1.6276],
    [0.99, 0.441],
    [0.5, 0.8276],
  ])('has probability %s at %s', (p, x) => {
    const n = 400;
    const statistic = x / (20 + 0.12 + 0.11 / 20);
    // The i-th of n values at (i − ½) ÷ n, the first `statistic` too high: shift all, held at 1.
    const values = Float64Array.from({ length: n }, (_, i) => Math.min(1, i / n + statistic));
    const found = uniformityTest(values);
    expect(found.statistic).toBeCloseTo(statistic, 10);
    expect(found.p).toBeCloseTo(p, 3);
  });
});

describe('the tail of χ²', () => {
  test.each([
    [3.841458820694124, 1, 0.05],
    [5.991464547107979, 2, 0.05],
    [11.344866730144373, 3, 0.01],
    [16.918977604620448, 9, 0.05],
    [18.307038053275146, 10, 0.05],
    [4.168159, 9, 0.9],
    [29.588298445074418, 10, 0.001],
  ])('at the tabled point %s of %s degrees is %s', (x, freedom, p) => {
    expect(chiSquareTail(x, freedom)).toBeCloseTo(p, 6);
  });
  test('is whole at 0', () => {
    expect(chiSquareTail(0, 3)).toBe(1);
  });
  test('comes of counts against their expectation', () => {
    // Counts 3, 1 of 4 over two bins: (1 + 1) ÷ 2 = 1.
    expect(uniformityChiSquare(of(0.1, 0.2, 0.3, 0.9), 2)).toMatchObject({ statistic: 1, count: 4 });
    expect(() => uniformityChiSquare(of(0.1), 1)).toThrow(UserError);
  });
});
