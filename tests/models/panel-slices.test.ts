import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { panelOf } from '../../src/experiments/forecasting.js';
import { lastInstant, panelSlices } from '../../src/models/panel-slices.js';
import { walkPanel, type PanelWalk } from '../../src/models/panel-walk.js';
import { HOUR } from '../../src/time.js';
import { smallMarket } from '../arbitraries/market.js';

/** Everything that a visitor of a walk sees. */
const visits = (walks: Iterable<PanelWalk>): unknown[] => {
  const seen: unknown[] = [];
  for (const walk of walks) walkPanel(walk, (now, bars, futures) => seen.push([now, structuredClone(bars), structuredClone(futures)]));
  return seen;
};

describe('a walk in slices', () => {
  const delayed = fc.record({
    seed: fc.integer({ min: 1, max: 50 }),
    bars: fc.integer({ min: 24, max: 60 }),
    slice: fc.integer({ min: 1, max: 80 }),
    lag: fc.constantFrom(0, 5_000, HOUR),
    end: fc.integer({ min: 0, max: 70 }),
  });

  it('visits what one walk visits, for any length of slice, delay and end', () => {
    fc.assert(
      fc.property(delayed, ({ seed, bars, slice, lag, end }) => {
        const { config, chunks } = smallMarket(seed, bars, 2);
        const to = end > 60 ? Infinity : config.from + end * HOUR;
        // The second symbol begins later, and has a chunk of its own for what comes after.
        const later = chunks.flatMap(chunk => {
          if (chunk.symbol.startsWith('A') || chunk.rows < 4) return [chunk];
          const cut = (from: number, until: number) => ({
            ...chunk,
            rows: until - from,
            ts: chunk.ts.subarray(from, until),
            columns: chunk.columns.map(column => column.subarray(from, until)),
          });
          return [cut(1, 3), cut(3, chunk.rows)];
        });
        const walk: PanelWalk = { ...panelOf(config, later), delays: { bars: lag, funding: lag, mark: 0 }, to };
        const whole = visits([walk]);
        expect(visits(panelSlices(walk, slice))).toEqual(whole);
        const instants = whole.map(visit => (visit as [number])[0]);
        expect(lastInstant(walk)).toBe(instants.at(-1) ?? -Infinity);
      }),
      { numRuns: 200 },
    );
  });
});
