import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { fixedHorizon } from '../../../src/models/labels/fixed-horizon.js';
import { purged } from '../../../src/models/labels/purge.js';
import { tripleBarrier } from '../../../src/models/labels/triple-barrier.js';
import { HOUR, labelsOf, walk } from './bar-paths.js';

describe('purging', () => {
  test('keeps exactly the rows whose label ended by the request, less the embargo', () => {
    const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(NaN)), { maxLength: 50 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 20 }), (ends, at, embargoMs) => {
        const kept = new Set(purged({ maturedAt: Float64Array.from(ends), at, embargoMs }));
        ends.forEach((end, i) => expect(kept.has(i)).toBe(end + embargoMs <= at));
      }),
    );
  });
  test('lets through no label that a bar after the request had a say in', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 9 }), (seed, cut, horizon) => {
        const bars = walk(seed, 70, { hole: 30 });
        const at = cut * HOUR;
        for (const label of [
          fixedHorizon({ horizon, band: { kind: 'fraction', value: 0.01 } }),
          tripleBarrier({ horizon, takeProfit: 1, stopLoss: 1 }),
        ]) {
          const { matured } = labelsOf(label, bars);
          const kept = [...purged({ maturedAt: Float64Array.from(matured, m => m.maturedAt), at })].map(i => matured[i]!);
          expect(kept.every(m => m.maturedAt <= at)).toBe(true);
          // The same rows come out of a history that ends at the request.
          const known = bars.filter(b => b.ts <= at);
          expect(labelsOf(label, known).matured).toEqual(kept);
        }
      }),
      { numRuns: 40 },
    );
  });
  test('refuses a negative embargo', () => {
    expect(() => purged({ maturedAt: Float64Array.of(1), at: 1, embargoMs: -1 })).toThrow(UserError);
  });
});
