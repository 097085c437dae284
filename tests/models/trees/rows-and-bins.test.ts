import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binAt, binRows } from '../../../src/models/trees/binned-rows.js';
import { roundForExactSums, roundWeights } from '../../../src/models/trees/exact-sums.js';
import { fitBins, MISSING_BIN } from '../../../src/models/trees/feature-bins.js';
import { holdOut } from '../../../src/models/trees/held-out-rows.js';
import { bootstrapCounts, sampleWithout } from '../../../src/models/trees/row-sample.js';
import { weightedQuantile } from '../../../src/models/trees/weighted-quantile.js';
import { random } from '../../../src/random.js';

describe('fitBins', () => {
  test('gives every value a bin of its own where there are no more than bins', () => {
    const x = Float64Array.of(3, 1, NaN, 2, 3, -Infinity, 1, Infinity);
    expect(fitBins(x, 8, 1, 3)).toEqual([Float64Array.of(1, 2)]);
    const rows = binRows(x, 8, fitBins(x, 8, 1, 3));
    expect(Array.from(x, (_, i) => binAt(rows, i, 0))).toEqual([2, 0, MISSING_BIN, 1, 2, 0, 0, 2]);
  });
  test('shares distinct values out evenly', () => {
    const draw = random('bins');
    const x = Float64Array.from({ length: 10_000 }, () => draw.normal());
    const rows = binRows(x, 10_000, fitBins(x, 10_000, 1, 20));
    const held = new Float64Array(20);
    for (let i = 0; i < 10_000; i++) held[binAt(rows, i, 0)]!++;
    expect([...held]).toEqual(Array.from({ length: 20 }, () => 500));
  });
  test('keeps the rest apart where one value is most of them', () => {
    const x = Float64Array.from({ length: 1000 }, (_, i) => (i < 900 ? 0 : i));
    const [edges] = fitBins(x, 1000, 1, 11);
    expect(edges![0]).toBe(0);
    expect(edges!.length).toBe(10);
    expect(edges![5]).toBe(949);
  });
  test('never gives more bins than asked for, in the order of the values, and knows nothing of rows after its count', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double()), { maxLength: 60 }),
        fc.integer({ min: 2, max: 9 }),
        (list, bins) => {
          const x = Float64Array.from(list);
          const [edges] = fitBins(x, x.length, 1, bins);
          expect(edges!.length).toBeLessThan(bins);
          for (let i = 1; i < edges!.length; i++) expect(edges![i]).toBeGreaterThan(edges![i - 1]!);
          expect(fitBins(Float64Array.from([...list, 1e9, 7]), x.length, 1, bins)).toEqual([edges]);
          const rows = binRows(x, x.length, [edges!]);
          list.forEach((a, i) => {
            if (!Number.isNaN(a)) expect(binAt(rows, i, 0)).toBe(edges!.filter(edge => edge < a).length);
          });
        },
      ),
    );
  });
  test('has no edge where nothing varies or all is missing', () => {
    expect(fitBins(Float64Array.of(5, NaN, 5, NaN), 2, 2, 255)).toEqual([new Float64Array(0), new Float64Array(0)]);
  });
});

describe('roundForExactSums', () => {
  test('makes sums the same in every order, with the count beside the hessian', () => {
    const draw = random('sums');
    for (const count of [1, 2, 3, 1000, 70_001]) {
      const original = Float64Array.from({ length: 2 * count }, (_, k) => (k % 2 === 0 ? 1e-3 * draw.normal() : 0.25 * draw.next()));
      const pairs = original.slice();
      const unit = roundForExactSums(pairs, count);
      const sums = (step: number) => {
        const s = [0, 0];
        for (let k = 0, i = 0; k < count; k++, i = (i + step) % count) {
          s[0]! += pairs[2 * i]!;
          s[1]! += pairs[2 * i + 1]!;
        }
        return s;
      };
      // Steps without a common divisor with any of the counts.
      const [g, p] = sums(1) as [number, number];
      expect(sums(13)).toEqual([g, p]);
      expect(sums(10_007)).toEqual([g, p]);
      expect(Math.floor(p / unit)).toBe(count);
      expect(p - count * unit).toBeCloseTo(
        original.reduce((a, b, k) => a + (k % 2 === 1 ? b : 0), 0),
        3,
      );
      expect(Math.abs(pairs[0]! - original[0]!)).toBeLessThan(1e-11);
    }
  });
  test('takes derivatives that are all zero', () => {
    const pairs = new Float64Array(8);
    const unit = roundForExactSums(pairs, 4);
    expect([...pairs]).toEqual([0, unit, 0, unit, 0, unit, 0, unit]);
  });
  test('rounds weights so little that nobody minds', () => {
    const draw = random('weights');
    const weight = Float64Array.from({ length: 5000 }, () => 3 * draw.next());
    roundWeights(weight, 5000).forEach((w, i) => expect(Math.abs(w - weight[i]!)).toBeLessThan(1e-11));
  });
});

describe('holdOut', () => {
  const ts = (perMoment: number, moments: number) =>
    Float64Array.from({ length: perMoment * moments }, (_, i) => Math.floor(i / perMoment));
  test('holds out the last rows, whole moments of them, and leaves the label’s horizon out', () => {
    // Ten bars of three symbols: three bars are held out; labels of two bars from bar 5 on would reach past bar 7's close.
    expect(holdOut(ts(3, 10), 30, { fraction: 0.3, rounds: 1, gap: 2 })).toEqual({ trained: 18, heldOut: 21 });
    expect(holdOut(ts(3, 10), 30, { fraction: 0.28, rounds: 1, gap: 1 })).toEqual({ trained: 21, heldOut: 21 });
    expect(holdOut(ts(3, 10), 30, { fraction: 0.3, rounds: 1, gap: 0 })).toEqual({ trained: 21, heldOut: 21 });
  });
  test('leaves nothing to learn from when the gap is longer than the history', () => {
    expect(holdOut(ts(1, 10), 10, { fraction: 0.5, rounds: 1, gap: 20 }).trained).toBe(0);
  });
});

describe('samples of rows', () => {
  test('without replacement are ascending, distinct, and any row is as likely', () => {
    const draw = random('sample');
    const times = new Float64Array(10);
    for (let k = 0; k < 3000; k++) {
      const chosen = sampleWithout(10, 4, draw);
      expect(new Set(chosen).size).toBe(4);
      expect([...chosen]).toEqual([...chosen].sort((a, b) => a - b));
      for (const i of chosen) times[i]!++;
    }
    // 1200 each, with a deviation of √(3000 · 0.4 · 0.6) = 27.
    for (const t of times) expect(Math.abs(t - 1200)).toBeLessThan(110);
  });
  test('with replacement leave out the share e⁻¹ of single rows, and draw neighbours together in blocks', () => {
    const draw = random('bootstrap');
    const single = bootstrapCounts(20_000, 20_000, 1, draw);
    expect(single.reduce((a, b) => a + b, 0)).toBe(20_000);
    expect(Math.abs(single.filter(t => t === 0).length / 20_000 - 1 / Math.E)).toBeLessThan(0.01);
    const blocks = bootstrapCounts(20_000, 20_000, 50, draw);
    expect(blocks.reduce((a, b) => a + b, 0)).toBe(20_000);
    expect(blocks.filter((t, i) => i > 0 && t !== blocks[i - 1]).length).toBeLessThanOrEqual(800);
    expect(bootstrapCounts(10, 5, 3, draw).reduce((a, b) => a + b, 0)).toBe(5);
  });
});

describe('weightedQuantile', () => {
  test('is the least value with the share of the weight at or below it', () => {
    const values = Float64Array.of(5, 1, 3, 3);
    expect(weightedQuantile(values, Float64Array.of(1, 1, 1, 1), 0.25)).toBe(1);
    expect(weightedQuantile(values, Float64Array.of(1, 1, 1, 1), 0.26)).toBe(3);
    expect(weightedQuantile(values, Float64Array.of(1, 1, 1, 1), 0.76)).toBe(5);
    expect(weightedQuantile(values, Float64Array.of(6, 1, 1, 1), 0.5)).toBe(5);
  });
});
