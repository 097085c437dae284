import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PassingMap } from '../../src/engine/passing-map.js';

describe('a map through which entries pass', () => {
  it('holds what a Map holds, in its order, whatever is put in and taken out', () => {
    const step = fc.record({ key: fc.integer({ min: 0, max: 400 }), isPut: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 1_500 }), steps => {
        const expected = new Map<number, { readonly put: number }>();
        const map = new PassingMap<number, { readonly put: number }>();
        // An id comes once: after it was taken out it is never put in again.
        const gone = new Set<number>();
        steps.forEach(({ key, isPut }, put) => {
          if (isPut && !gone.has(key)) {
            expected.set(key, { put });
            map.set(key, { put });
          } else {
            if (expected.delete(key)) gone.add(key);
            map.delete(key);
          }
          expect(map.size).toBe(expected.size);
          expect(map.get(key)).toEqual(expected.get(key));
        });
        expect([...map.entries()]).toEqual([...expected]);
        expect([...map.values()]).toEqual([...expected.values()]);
        map.clear();
        expect([map.size, [...map.entries()]]).toEqual([0, []]);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps a number that is nought, and is rid of entries that were taken out', () => {
    const map = new PassingMap<string, number>();
    for (let n = 0; n < 100_000; n++) {
      map.set(`${n}`, 0);
      expect(map.get(`${n}`) === 0 && map.size === 1).toBe(true);
      map.delete(`${n}`);
    }
    expect(map.get('99999')).toBeUndefined();
    expect(map.size).toBe(0);
  });
});
