import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latinHypercube, latinHypercubeSearch } from '../../../src/experiments/samplers/latin-hypercube.js';
import { sobolSearch } from '../../../src/experiments/samplers/sobol.js';
import { sobolSequence } from '../../../src/experiments/samplers/sobol-sequence.js';
import { random } from '../../../src/random.js';
import { float } from '../../../src/strategies/params.js';
import type { ParamSpace } from '../../../src/strategies/params.js';

const take = (n: number, points: Generator<Float64Array>): Float64Array[] =>
  Array.from({ length: n }, () => points.next().value as Float64Array);
/** How many points each of the cells holds into which equal parts of two sides cut their square. */
const counts = (points: readonly Float64Array[], d: number, parts: number, e: number, otherParts: number): number[] => {
  const cells = Array.from({ length: parts * otherParts }, () => 0);
  for (const point of points) cells[Math.floor(point[d]! * parts) * otherParts + Math.floor(point[e]! * otherParts)]!++;
  return cells;
};

describe('the Sobol sequence', () => {
  test('is the published one', () => {
    // From SciPy 1.17, stats.qmc.Sobol(scramble=False), which uses the table of Joe and Kuo.
    const points = take(4096, sobolSequence(24));
    expect(points.slice(0, 5).map(point => Array.from(point.subarray(0, 5)))).toEqual([
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375],
    ]);
    expect([...points[1234]!].map(x => x * 4096)).toEqual([
      3542, 1718, 3386, 1850, 1146, 1010, 2094, 2166, 2806, 2254, 1110, 3150, 3646, 3482, 1806, 3366, 2590, 3642, 3310, 1754, 310, 3238,
      3686, 3806,
    ]);
    expect([...points[4095]!].map(x => x * 4096)).toEqual([
      1, 3855, 1369, 3693, 3851, 323, 3889, 1601, 785, 1009, 2333, 1317, 1511, 2129, 2257, 1707, 255, 2495, 3331, 2135, 925, 2999, 2777,
      1825,
    ]);
  });

  test('has one of 2ᵐ points in each slice of every side, and of its first two sides in each cell of 2⁻ᵃ × 2⁻ᵇ with a + b = m, scrambled or not', () => {
    for (const seed of [undefined, 1, 'other']) {
      const points = take(256, sobolSequence(24, seed));
      for (let d = 0; d < 24; d++) expect(counts(points, d, 256, 0, 1)).toEqual(Array.from({ length: 256 }, () => 1));
      for (let a = 0; a <= 8; a++) expect(counts(points, 0, 1 << a, 1, 1 << (8 - a))).toEqual(Array.from({ length: 256 }, () => 1));
    }
  });

  test('scrambled differs by seed, and each of its points is uniform over seeds', () => {
    const firsts = Array.from({ length: 2000 }, (_, seed) => take(3, sobolSequence(2, seed))[2]!);
    for (const d of [0, 1])
      for (let part = 0; part < 8; part++) {
        const inPart = firsts.filter(point => Math.floor(point[d]! * 8) === part).length;
        // Binomial: mean 250, standard deviation 14.8; five of them.
        expect(Math.abs(inPart - 250)).toBeLessThan(74);
      }
  });

  test('integrates a smooth function of six numbers far closer than independent draws do', () => {
    // The product of 1 + (x − ½) has mean 1.
    const off = (points: readonly Float64Array[]): number =>
      Math.abs(points.reduce((sum, point) => sum + point.reduce((product, x) => product * (x + 0.5), 1), 0) / points.length - 1);
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const sobol = seeds.map(seed => off(take(512, sobolSequence(6, seed)))).reduce((a, b) => a + b);
    const source = random('independent');
    const independent = seeds.map(() => off(Array.from({ length: 512 }, () => Float64Array.from({ length: 6 }, () => source.next()))));
    expect(sobol).toBeLessThan(independent.reduce((a, b) => a + b) / 10);
  });

  test('says so when a space has more parameters than its table', () => {
    const wide: ParamSpace = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`p${i}`, float(0, 1, { default: 0 })]));
    expect(() => sobolSearch(wide, { trials: 3, seed: 1 })).toThrow('25 parameters');
  });
});

describe('a Latin hypercube', () => {
  test('has one point in each slice of every side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 60 }), fc.integer(), (dimensions, n, seed) => {
        const points = latinHypercube(dimensions, n, random(seed));
        for (let d = 0; d < dimensions; d++)
          expect(points.map(point => Math.floor(point[d]! * n)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test('pairs its slices at random, and lies anywhere within them', () => {
    const points = latinHypercube(2, 4000, random('pairs'));
    for (const count of counts(points, 0, 4, 1, 4)) expect(Math.abs(count - 250)).toBeLessThan(75);
    const within = points.map(([x = 0]) => x * 4000 - Math.floor(x * 4000));
    expect(within.reduce((a, b) => a + b) / 4000).toBeCloseTo(0.5, 1);
    expect(Math.min(...within)).toBeLessThan(0.01);
    expect(Math.max(...within)).toBeGreaterThan(0.99);
  });

  test('covers each decade of a logarithmic parameter alike', () => {
    const space = { x: float(0.001, 1000, { default: 1, log: true }) };
    const all = latinHypercubeSearch(space, { trials: 60, seed: 5 }).ask(60);
    for (let decade = -3; decade < 3; decade++)
      expect(all.filter(({ x }) => Math.floor(Math.log10(Number(x))) === decade)).toHaveLength(10);
  });
});
