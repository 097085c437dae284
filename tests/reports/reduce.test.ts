import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reduceIndices } from '../../src/reports/reduce.js';

const column = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.constant(NaN)), { minLength: 1, maxLength: 400 });

const extremes = (values: readonly number[]): [number, number] => {
  const defined = values.filter(v => !Number.isNaN(v));
  return [Math.min(...defined), Math.max(...defined)];
};

describe('a series reduced for a picture', () => {
  test('keeps the extremes, the first and the last of every bucket, hence of the whole', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 40 }), (values, buckets) => {
        const kept = Array.from(reduceIndices([values], buckets));
        expect(extremes(kept.map(i => values[i]!))).toEqual(extremes(values));
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(values.length - 1);
        if (kept.length === values.length) return;
        for (let b = 0; b < buckets; b++) {
          const start = Math.floor((b * values.length) / buckets);
          const end = Math.floor(((b + 1) * values.length) / buckets);
          const inside = kept.filter(i => i >= start && i < end);
          expect(inside).toContain(start);
          expect(inside).toContain(end - 1);
          expect(extremes(inside.map(i => values[i]!))).toEqual(extremes(values.slice(start, end)));
        }
      }),
    );
  });

  test('keeps the extremes of every column when several share their rows', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 20 }), (values, buckets) => {
        const other = values.map(v => -v * v);
        const kept = Array.from(reduceIndices([values, other], buckets));
        expect(extremes(kept.map(i => other[i]!))).toEqual(extremes(other));
        expect(extremes(kept.map(i => values[i]!))).toEqual(extremes(values));
      }),
    );
  });

  test('is ascending, without repeats, and never more than two and two a column for each bucket', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 40 }), (values, buckets) => {
        const kept = Array.from(reduceIndices([values, values], buckets));
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept.length).toBeLessThanOrEqual(Math.max(buckets * 6, 0));
      }),
    );
  });

  test('is the series itself when it is short, and nothing when there is nothing', () => {
    expect(Array.from(reduceIndices([[3, 1, 2]], 10))).toEqual([0, 1, 2]);
    expect(reduceIndices([[]], 10)).toHaveLength(0);
    expect(reduceIndices([], 10)).toHaveLength(0);
  });

  test('finds a spike of one bar in a million', () => {
    const values = new Float64Array(1_000_000);
    values[654_321] = 7;
    values[123_456] = -7;
    const kept = new Set(reduceIndices([values], 500));
    expect(kept.has(654_321)).toBe(true);
    expect(kept.has(123_456)).toBe(true);
    expect(kept.size).toBeLessThanOrEqual(2_000);
  });
});
