import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SortedWindow } from '../../../src/models/conformal/sorted-window.js';

describe('SortedWindow', () => {
  test('ranks the last values as sorting them anew does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        // Few distinct values, so that equal ones come and go.
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 }),
        (size, values) => {
          const window = new SortedWindow(size);
          values.forEach((value, i) => {
            window.push(value);
            const last = values.slice(Math.max(0, i + 1 - size), i + 1);
            expect(window.length).toBe(last.length);
            expect(window.values()).toEqual(last);
            const sorted = [...last].sort((a, b) => a - b);
            sorted.forEach((x, k) => expect(window.smallest(k + 1)).toBe(x));
            expect(window.smallest(0)).toBe(sorted[0]);
            expect(window.smallest(last.length + 1)).toBe(Infinity);
          });
        },
      ),
    );
  });
});
