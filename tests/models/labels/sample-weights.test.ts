import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { recency } from '../../../src/models/labels/recency.js';
import { sampleWeights } from '../../../src/models/labels/sample-weights.js';
import { averageUniqueness } from '../../../src/models/labels/uniqueness.js';

const HOUR = 3_600_000;
const spans = (rows: readonly (readonly [number, number, number?])[]) => ({
  openedAt: Float64Array.from(rows, r => r[0] * HOUR),
  maturedAt: Float64Array.from(rows, r => r[1] * HOUR),
  group: Int32Array.from(rows, r => r[2] ?? 0),
});
const span = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 2 }))
  .map(([from, length, group]) => [from, from + length, group] as const);

/** Bar by bar: how many labels of the group look at the bar's return. */
const slow = (rows: readonly (readonly [number, number, number])[]) =>
  rows.map(([from, to, group]) => {
    let total = 0;
    for (let t = from + 1; t <= to; t++) total += 1 / rows.filter(([a, b, g]) => g === group && a < t && t <= b).length;
    return total / (to - from);
  });

describe('average uniqueness', () => {
  test('is that of the three labels of López de Prado, §4.5.3: 5/6, 3/4 and 1', () => {
    // The book's indicator matrix by bar: (1,1,1,0,0,0), (0,0,1,1,0,0), (0,0,0,0,1,1).
    const u = averageUniqueness(
      spans([
        [0, 3],
        [2, 4],
        [4, 6],
      ]),
    );
    [5 / 6, 3 / 4, 1].forEach((expected, i) => expect(u[i]).toBeCloseTo(expected, 12));
  });
  test('agrees with a count bar by bar', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 40 }), rows => {
        const expected = slow(rows);
        averageUniqueness(spans(rows)).forEach((u, i) => expect(u).toBeCloseTo(expected[i]!, 10));
      }),
    );
  });
  test('is 1 ÷ horizon far from the ends when a label is opened at every bar', () => {
    const u = averageUniqueness(spans(Array.from({ length: 100 }, (_, i) => [i, i + 8] as const)));
    expect(u[50]).toBeCloseTo(1 / 8, 12);
  });
  test('gives nothing to a label that has not matured, and takes nothing for it', () => {
    const rows = [
      [0, 2],
      [1, NaN],
      [2, 4],
    ] as const;
    expect([...averageUniqueness(spans(rows))]).toEqual([1, 0, 1]);
  });
});

describe('recency', () => {
  test('halves with every half-life from the newest on, in any unit of time', () => {
    [0.125, 0.5, 0.25, 1].forEach((w, i) => expect(recency(Float64Array.of(0, 20, 10, 30), 10)[i]).toBeCloseTo(w, 14));
    expect(() => recency(Float64Array.of(1), 0)).toThrow(UserError);
    expect(() => recency(Float64Array.of(1), NaN)).toThrow(UserError);
  });
});

describe('sample weights', () => {
  test('have mean 1 and are proportional to uniqueness × recency', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 40 }), fc.constantFrom(null, 5 * HOUR, HOUR / 100), (rows, halfLifeMs) => {
        const weights = sampleWeights({ ...spans(rows), halfLifeMs });
        expect(weights.reduce((a, b) => a + b) / weights.length).toBeCloseTo(1, 9);
        const newest = Math.max(...rows.map(r => r[0]));
        const raw = slow(rows).map((u, i) => u * (halfLifeMs ? 0.5 ** (((newest - rows[i]![0]) * HOUR) / halfLifeMs) : 1));
        const total = raw.reduce((a, b) => a + b);
        weights.forEach((w, i) => expect(w).toBeCloseTo((raw[i]! / total) * raw.length, 9));
      }),
    );
  });
  test('are nothing for nothing', () => {
    expect(sampleWeights({ ...spans([]), halfLifeMs: HOUR })).toEqual(new Float64Array(0));
    expect([...sampleWeights({ ...spans([[0, NaN]]), halfLifeMs: null })]).toEqual([0]);
  });
});
