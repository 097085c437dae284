import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auc } from '../../../src/models/scores/auc.js';

const of = (...values: number[]) => Float64Array.from(values);
const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0, 1)), { minLength: 2, maxLength: 60 });
const columns = (pairs: readonly (readonly [number, number])[]) =>
  [Float64Array.from(pairs, p => p[0]), Float64Array.from(pairs, p => p[1])] as const;

describe('the area under the curve', () => {
  test('is that of the example in the documentation of scikit-learn', () => {
    // roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) = 0.75
    expect(auc(of(0.1, 0.4, 0.35, 0.8), of(0, 0, 1, 1))).toBe(0.75);
  });
  test('is the share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(rows, pairs => {
        let [right, all] = [0, 0];
        for (const [f, h] of pairs)
          for (const [g, o] of pairs)
            if (h === 1 && o === 0) {
              all++;
              right += f > g ? 1 : f === g ? 0.5 : 0;
            }
        const found = auc(...columns(pairs));
        if (all === 0) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(right / all, 12);
      }),
    );
  });
  test('does not change when forecasts are bent without changing their order, and turns round with them', () => {
    fc.assert(
      fc.property(rows, pairs => {
        const [forecast, happened] = columns(pairs);
        const area = auc(forecast, happened);
        fc.pre(!Number.isNaN(area));
        expect(auc(forecast.map(Math.exp), happened)).toBe(area);
        expect(
          auc(
            forecast.map(f => -f),
            happened,
          ),
        ).toBeCloseTo(1 - area, 12);
      }),
    );
  });
  test('passes over rows that are not known', () => {
    expect(auc(of(0.1, NaN, 0.4, 0.35, 0.8, 1), of(0, 1, 0, 1, 1, NaN))).toBe(0.75);
    expect(auc(of(), of())).toBeNaN();
  });
});
