import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { psar } from '../../src/features/trend/psar.js';
import { barsOf, chunkOf, randomSeries, valuesOf } from './bar-series.js';

describe('the parabolic stop', () => {
  it('trails in one direction, outside the last two bars, and turns at the extreme of its run when a bar goes through it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), seed => {
        const chunk = chunkOf(randomSeries(seed, 200));
        const bars = barsOf(chunk);
        const stops = valuesOf(psar(), chunk, 'value');
        const directions = valuesOf(psar(), chunk, 'direction');
        let start = 0;
        for (let i = 2; i < bars.length; i++) {
          const [stop, direction, before, last] = [stops[i] ?? NaN, directions[i], directions[i - 1], stops[i - 1] ?? NaN];
          const past = bars.slice(i - 2, i);
          const lows = past.map(b => b.low);
          const highs = past.map(b => b.high);
          if (direction === before) {
            expect(direction === 1 ? stop <= (bars[i]?.low ?? NaN) && stop <= Math.min(...lows) : stop >= (bars[i]?.high ?? NaN)).toBe(
              true,
            );
            if (direction === -1) expect(stop).toBeGreaterThanOrEqual(Math.max(...highs));
            // It never retreats, but for the clamp on the bar after a reversal.
            if (i > start + 2) expect(direction === 1 ? stop >= last : stop <= last).toBe(true);
            continue;
          }
          const run = bars.slice(start, i + 1);
          expect(stop).toBe(before === 1 ? Math.max(...run.map(b => b.high)) : Math.min(...run.map(b => b.low)));
          start = i;
        }
      }),
      { numRuns: 50 },
    );
  });
});
