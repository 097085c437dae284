import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { innerSpans } from '../../../src/experiments/splits/inner-spans.js';
import { HOUR } from '../../../src/time.js';

describe('the inner tests of a training window', () => {
  test('share out its bars evenly, in order, and nothing beyond it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 9, max: 60 }),
        fc.integer({ min: 0, max: 30 }),
        (parts, bars, before) => {
          const opens = Float64Array.from({ length: before + bars + 10 }, (_, i) => i * HOUR);
          const window = { from: before * HOUR, to: (before + bars) * HOUR };
          const spans = innerSpans(window, opens, parts);
          expect(spans).toHaveLength(parts);
          expect([spans[0]!.from, spans.at(-1)!.to]).toEqual([window.from, window.to]);
          spans.slice(1).forEach(({ from }, i) => expect(from).toBe(spans[i]!.to));
          const sizes = spans.map(({ from, to }) => (to - from) / HOUR);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('are refused where there is nothing to share out', () => {
    const opens = Float64Array.from({ length: 5 }, (_, i) => i * HOUR);
    expect(() => innerSpans({ from: 0, to: 5 * HOUR }, opens, 1)).toThrow('1 is not a number of folds');
    expect(() => innerSpans({ from: 0, to: 5 * HOUR }, opens, 6)).toThrow('too short');
  });
});
