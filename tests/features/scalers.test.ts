import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScalerKind } from '../../src/features/feature-set.js';
import { applyScaler, fitScaler, scalerRule } from '../../src/features/scalers/scaler.js';
import { random } from '../../src/random.js';

const KINDS: readonly ScalerKind[] = ['none', 'z', 'robust', 'rank'];
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const deviation = (xs: readonly number[]): number => Math.sqrt(mean(xs.map(x => (x - mean(xs)) * (x - mean(xs)))));

/** All rows scaled by a scaler that was fitted on `train`. */
const scaled = (kind: ScalerKind, train: readonly number[], rows: readonly number[] = train): number[] => {
  const apply = applyScaler(fitScaler(kind, Float64Array.from(train), train.length, 1));
  const out = new Float64Array(1);
  return rows.map(x => {
    apply(Float64Array.of(x), 0, out, 0);
    return out[0] ?? NaN;
  });
};
const normals = (n: number): number[] => {
  const draw = random('scalers');
  return Array.from({ length: n }, () => 5 + 3 * draw.normal());
};

describe('scalers', () => {
  it('z gives mean 0 and deviation 1 to what it was fitted on', () => {
    const y = scaled('z', normals(500));
    expect(mean(y)).toBeCloseTo(0, 12);
    expect(deviation(y)).toBeCloseTo(1, 12);
  });

  it('robust gives a normal sample median 0 and deviation near 1, and does not feel a tenth of wild values', () => {
    const clean = normals(2001);
    const y = scaled('robust', clean);
    expect([...y].sort((a, b) => a - b)[1000]).toBeCloseTo(0, 12);
    expect(deviation(y)).toBeCloseTo(1, 1);
    const dirty = clean.map((x, i) => (i % 10 === 0 ? x * 1e6 : x));
    expect(Math.abs(scaled('robust', dirty, [5])[0] ?? NaN)).toBeLessThan(0.3);
    expect(deviation(scaled('robust', dirty, clean))).toBeGreaterThan(0.8);
  });

  it('robust falls back on wider ranges when most values are equal', () => {
    const y = scaled('robust', [...Array.from({ length: 95 }, () => 0), 1, 1, 1, 1, 1, 1, 1], [0, 1]);
    expect(y[0]).toBe(0);
    expect(y[1]).toBeCloseTo(3.2897, 3);
  });

  it('rank is the place among the training values: −1, 0 and 1 at smallest, median and largest, held beyond', () => {
    expect(scaled('rank', [10, 30, 20, 50, 40], [10, 20, 30, 40, 50, 25, 0, 99])).toEqual([-1, -0.5, 0, 0.5, 1, -0.25, -1, 1]);
    expect(scaled('rank', [1, 1, 1, 2, 3], [1, 0.5, 2])).toEqual([-0.5, -1, 0.5]);
  });

  it('rank of many values is within a step of its 257 quantiles of the exact place', () => {
    const train = normals(5000);
    const sorted = [...train].sort((a, b) => a - b);
    const probe = train.slice(0, 200);
    scaled('rank', train, probe).forEach((y, i) =>
      expect(Math.abs(y - ((2 * sorted.indexOf(probe[i] ?? NaN)) / (sorted.length - 1) - 1))).toBeLessThan(2 / 256),
    );
  });

  it('holds extremes at eight, infinities with them, and gives 0 for a column that never varied', () => {
    for (const kind of ['z', 'robust'] as const) {
      expect(scaled(kind, [1, 2, 3, 4], [1e9, -1e9, Infinity, -Infinity])).toEqual([8, -8, 8, -8]);
      expect(scaled(kind, [0.1, 0.1, 0.1], [0.1, 7, -7]).map(x => x + 0)).toEqual([0, 0, 0]);
      expect(scaled(kind, [], [3]).map(x => x + 0)).toEqual([0]);
    }
    expect(scaled('rank', [2, 2, 2], [1, 2, 3])).toEqual([0, 0, 0]);
    expect(scaled('rank', [], [1])).toEqual([0]);
  });

  it('are the same after JSON, keep NaN, ignore missing values in the fit, scale in place, and never lose order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 }),
        fc.constantFrom(...KINDS),
        (xs, kind) => {
          const rows = Float64Array.from(xs.flatMap((x, i) => [x, i % 3 === 0 ? NaN : -x]));
          const state = fitScaler(kind, rows, xs.length, 2);
          const reread = JSON.parse(JSON.stringify(state)) as typeof state;
          expect(reread).toEqual(state);
          const apply = applyScaler(reread);
          const out = rows.slice();
          for (let i = 0; i < xs.length; i++) apply(out, 2 * i, out, 2 * i);
          for (let i = 0; i < xs.length; i++) {
            expect(Number.isNaN(out[2 * i + 1])).toBe(i % 3 === 0);
            if (kind !== 'none') expect(Math.abs(out[2 * i] ?? NaN)).toBeLessThanOrEqual(kind === 'rank' ? 1 : 8);
            for (let j = 0; j < xs.length; j++)
              if ((xs[i] ?? NaN) <= (xs[j] ?? NaN)) expect(out[2 * i]).toBeLessThanOrEqual((out[2 * j] ?? NaN) + 1e-12);
          }
          const alone = fitScaler(
            kind,
            Float64Array.from(
              xs.filter((_, i) => i % 3 !== 0),
              x => -x,
            ),
            xs.filter((_, i) => i % 3 !== 0).length,
            1,
          );
          const both = [0, 0];
          for (const [k, s, place] of [
            [0, alone, 0],
            [1, state, 1],
          ] as const) {
            const row = Float64Array.of(0.5, 0.5);
            applyScaler(s)(row, 0, row, 0);
            both[k] = row[place] ?? NaN;
          }
          expect(both[0]).toBe(both[1]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are named by their kind', () => {
    for (const kind of KINDS) expect(scalerRule(kind).fit(Float64Array.of(1, 2, 3), 3, 1).kind).toBe(kind);
  });
});
