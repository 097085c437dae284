import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitNovelty, novelty, shrink, type NoveltyState } from '../../src/models/novelty.js';
import { random } from '../../src/random.js';
import { plantedRows } from '../contracts/planted-rows.js';

const WIDTH = 6;
const training = plantedRows({ count: 3000, width: WIDTH, seed: 'novelty' });
const state = fitNovelty(training);
const strangeness = novelty(state);

/** A row in a direction, so many standard deviations out in every feature. */
const rowAt = (direction: readonly number[], far: number): Float64Array => Float64Array.from(direction, d => far * d);

const directions = fc.array(fc.constantFrom(-1, -0.5, 0.5, 1), { minLength: WIDTH, maxLength: WIDTH });

describe('novelty', () => {
  test('is low on fresh rows of the same law: a quarter on average, nothing for half of them', () => {
    const fresh = plantedRows({ count: 4000, width: WIDTH, seed: 'fresh' });
    const values = Float64Array.from({ length: fresh.count }, (_, i) => strangeness(fresh.x, i * WIDTH));
    const mean = values.reduce((a, b) => a + b, 0) / fresh.count;
    // Twice the rank less one, nothing below the median: ∫ max(0, 2u − 1) du = 1 ÷ 4.
    expect(mean).toBeGreaterThan(0.2);
    expect(mean).toBeLessThan(0.3);
    expect(values.filter(v => v === 0).length / fresh.count).toBeGreaterThan(0.45);
    expect(values.every(v => v >= 0 && v <= 1)).toBe(true);
  });

  test('is 1 far away, in whatever direction', () => {
    fc.assert(
      fc.property(directions, direction => {
        expect(strangeness(rowAt(direction, 12), 0)).toBe(1);
      }),
    );
  });

  test('grows with the distance from the middle of the training rows', () => {
    fc.assert(
      fc.property(directions, fc.double({ min: 0, max: 9, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true }), (direction, a, b) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)];
        // The middle of the sample is not quite nought: rows are placed around it.
        const around = (by: number): Float64Array => rowAt(direction, by).map((v, k) => state.centre[k]! + v);
        expect(strangeness(around(far), 0)).toBeGreaterThanOrEqual(strangeness(around(near), 0));
      }),
    );
  });

  test('takes the features that there are, and a row without any for the middle', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: WIDTH - 1 }), { maxLength: WIDTH }), fc.integer(), (missing, seed) => {
        const draw = random(seed);
        const row = Float64Array.from({ length: WIDTH }, (_, k) => (missing.includes(k) ? NaN : 2 * draw.normal()));
        const value = strangeness(row, 0);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        if (missing.length === WIDTH) expect(value).toBe(0);
      }),
    );
    // Missing values neither add to the distance nor make it less: 1.2 spreads by three features are 1.2 by six.
    const far = [1.2, 1.2, 1.2, 1.2, 1.2, 1.2].map((d, k) => state.centre[k]! + d * state.spread[k]!);
    const value = strangeness(Float64Array.from(far), 0);
    expect(value).toBeGreaterThan(0.1);
    expect(value).toBeLessThan(0.9);
    const few = far.map((d, k) => (k % 2 === 0 ? d : NaN));
    expect(Math.abs(strangeness(Float64Array.from(few), 0) - value)).toBeLessThan(0.03);
  });

  test('learns centre and spread from the values that there are', () => {
    const rows = plantedRows({ count: 500, width: 3, missing: 0.3, seed: 'holes' });
    const { centre, spread } = fitNovelty(rows);
    for (let k = 0; k < 3; k++) {
      const values = Array.from({ length: 500 }, (_, i) => rows.x[3 * i + k]!).filter(v => !Number.isNaN(v));
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      expect(centre[k]!).toBeCloseTo(mean, 10);
      expect(spread[k]!).toBeCloseTo(Math.sqrt(values.reduce((s, v) => s + (v - mean) * (v - mean), 0) / (values.length - 1)), 10);
    }
  });

  test('is not cried by one broken column among many', () => {
    const many = plantedRows({ count: 2000, width: 40, seed: 'many' });
    const of = novelty(fitNovelty(many));
    const quiet = new Float64Array(40);
    const broken = quiet.slice();
    broken[7] = 1e9;
    expect(of(quiet, 0)).toBe(0);
    expect(of(broken, 0)).toBeLessThan(0.5);
  });

  test('stands a column that never moved, and rows of one kind only', () => {
    const rows = plantedRows({ count: 200, width: 2, seed: 'flat' });
    const constant = { ...rows, x: rows.x.map(() => 4) };
    const of = novelty(fitNovelty(constant));
    expect(of(Float64Array.of(4, 4), 0)).toBe(0);
    expect(of(Float64Array.of(9, 9), 0)).toBe(1);
  });

  test('is the same after its state went through JSON', () => {
    const again = novelty(JSON.parse(JSON.stringify(state)) as NoveltyState);
    for (let i = 0; i < 200; i++) expect(again(training.x, i * WIDTH)).toBe(strangeness(training.x, i * WIDTH));
  });
});

describe('shrink', () => {
  const simplex = fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
    .map(v => v.map(p => p / (v[0]! + v[1]! + v[2]!)));

  test('keeps the sum at 1 and every class between what was said and what is usual', () => {
    fc.assert(
      fc.property(simplex, simplex, fc.double({ min: 0, max: 1, noNaN: true }), (said, usual, amount) => {
        const p = Float64Array.of(9, ...said);
        shrink(p, 1, usual, amount);
        expect(p[0]).toBe(9);
        expect(p[1]! + p[2]! + p[3]!).toBeCloseTo(1, 12);
        said.forEach((s, c) => {
          expect(p[1 + c]!).toBeGreaterThanOrEqual(Math.min(s, usual[c]!) - 1e-15);
          expect(p[1 + c]!).toBeLessThanOrEqual(Math.max(s, usual[c]!) + 1e-15);
        });
      }),
    );
  });

  test('leaves all of it at nothing and nothing of it at 1', () => {
    const [kept, gone] = [Float64Array.of(0.7, 0.2, 0.1), Float64Array.of(0.7, 0.2, 0.1)];
    shrink(kept, 0, [0.3, 0.4, 0.3], 0);
    shrink(gone, 0, [0.3, 0.4, 0.3], 1);
    expect(kept).toEqual(Float64Array.of(0.7, 0.2, 0.1));
    expect(gone).toEqual(Float64Array.of(0.3, 0.4, 0.3));
  });
});
