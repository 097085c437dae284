import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { select } from '../../src/statistics/order-statistic.js';

describe('an order statistic', () => {
  it('is what a sort would put there, with the others on the right sides of it', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(values, fc.nat(), (drawn, n) => {
        // A sort tells the two zeros apart.
        const column = Float64Array.from(drawn, x => x + 0);
        const sorted = column.slice().sort();
        const k = n % column.length;
        expect(select(column, k)).toBe(sorted[k]);
        expect(column.slice().sort()).toEqual(sorted);
        for (let i = 0; i < k; i++) expect(column[i]!).toBeLessThanOrEqual(column[k]!);
        for (let i = k; i < column.length; i++) expect(column[i]!).toBeGreaterThanOrEqual(column[k]!);
      }),
    );
  });
});
