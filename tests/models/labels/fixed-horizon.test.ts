import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import type { Band } from '../../../src/models/labels/band.js';
import { costBand } from '../../../src/models/labels/cost-band.js';
import { fixedHorizon } from '../../../src/models/labels/fixed-horizon.js';
import { bar, closes, HOUR, labelsOf, walk } from './bar-paths.js';

const fraction = (value: number): Band => ({ kind: 'fraction', value });

describe('a fixed horizon', () => {
  test('says up, flat and down by the return from close to close, the edge of the band being flat', () => {
    const { matured, open } = labelsOf(fixedHorizon({ horizon: 2, band: fraction(0.25) }), closes(100, 100, 126, 125, 94, 93));
    expect(matured.map(m => m.label)).toEqual([2, 1, 0, 0]);
    expect(matured.map(m => m.row)).toEqual([0, 1, 2, 3]);
    expect(matured[1]).toEqual({ row: 1, openedAt: 2 * HOUR, maturedAt: 4 * HOUR, bars: 2, label: 1, outcome: 0.25 });
    expect(open).toBe(2);
  });
  test('widens a band of volatility with the root of the horizon, and takes the larger of two', () => {
    const label = (band: Band) => labelsOf(fixedHorizon({ horizon: 4, band }), closes(100, 100, 100, 100, 105), 0.02).matured[0]?.label;
    // 1.2 × 0.02 × √4 = 0.048 < 0.05 < 1.3 × 0.02 × √4.
    expect(label({ kind: 'volatility', multiple: 1.2 })).toBe(2);
    expect(label({ kind: 'volatility', multiple: 1.3 })).toBe(1);
    expect(label({ kind: 'larger', multiple: 1.2, value: 0.01 })).toBe(2);
    expect(label({ kind: 'larger', multiple: 1.2, value: 0.051 })).toBe(1);
    expect(label({ kind: 'larger', multiple: 1.3, value: 0.01 })).toBe(1);
  });
  test('opens no entry where it needs a volatility that is not known', () => {
    const sigma = (i: number) => (i < 3 ? NaN : 0.01);
    const rows = (band: Band) => labelsOf(fixedHorizon({ horizon: 1, band }), closes(1, 2, 3, 4, 5), sigma).matured.map(m => m.row);
    expect(rows({ kind: 'volatility', multiple: 1 })).toEqual([3]);
    expect(rows({ kind: 'larger', multiple: 1, value: 0.1 })).toEqual([3]);
    expect(rows(fraction(0.1))).toEqual([0, 1, 2, 3]);
  });
  test('drops every entry whose span has a hole, and counts the bars all the same', () => {
    const all = closes(1, 2, 3, 4, 5, 6, 7, 8);
    const { matured, open } = labelsOf(fixedHorizon({ horizon: 2, band: fraction(0) }), [...all.slice(0, 3), ...all.slice(4)]);
    expect(matured.map(m => [m.row, m.openedAt / HOUR])).toEqual([
      [0, 1],
      [3, 5],
      [4, 6],
    ]);
    expect(open).toBe(2);
  });
  test.each([NaN, 0, -5, Infinity])('takes a bar with a close of %s for a hole', close => {
    const bars = closes(1, 2, 3, 4, 5, 6);
    bars[2] = bar(2, [3, 3, 3, close]);
    const { matured } = labelsOf(fixedHorizon({ horizon: 1, band: fraction(0) }), bars);
    expect(matured.map(m => m.row)).toEqual([0, 3, 4]);
  });
  test('agrees with a look ahead from every bar, on any walk with holes', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), fc.double({ min: 0, max: 2, noNaN: true }), (seed, horizon, multiple) => {
        const bars = walk(seed, 80, { hole: 25 });
        const expected = bars.flatMap((entry, row) => {
          const exit = bars[row + horizon];
          // All bars of an hourly walk without a hole end where they should.
          if (!exit || exit.ts - entry.ts !== horizon * HOUR) return [];
          const outcome = exit.close / entry.close - 1;
          const edge = multiple * 0.02 * Math.sqrt(horizon);
          const label = Math.abs(outcome) <= edge ? 1 : outcome > 0 ? 2 : 0;
          return [{ row, openedAt: entry.ts, maturedAt: exit.ts, bars: horizon, label, outcome }];
        });
        expect(labelsOf(fixedHorizon({ horizon, band: { kind: 'volatility', multiple } }), bars).matured).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
  test('is named with everything that makes it', () => {
    expect(fixedHorizon({ horizon: 24, band: fraction(0.0015) }).key).toBe('fixed-horizon(24,band=0.0015)');
    expect(fixedHorizon({ horizon: 3, band: { kind: 'volatility', multiple: 0.5 } }).key).toBe('fixed-horizon(3,band=0.5sigma)');
    const both: Band = { kind: 'larger', value: 0.001, multiple: 0.25 };
    expect(fixedHorizon({ horizon: 3, band: both }).key).toBe('fixed-horizon(3,band=max(0.001,0.25sigma))');
  });
  test.each([0, 1.5, NaN, 1e9])('refuses a horizon of %s', horizon => {
    expect(() => fixedHorizon({ horizon, band: fraction(0) })).toThrow(UserError);
  });
  test.each<Band>([fraction(-1), fraction(NaN), { kind: 'volatility', multiple: -1 }, { kind: 'larger', value: 1, multiple: Infinity }])(
    'refuses the band %o',
    band => {
      expect(() => fixedHorizon({ horizon: 1, band })).toThrow(UserError);
    },
  );
});

describe('the band of costs', () => {
  test('is the return at which a buyer who pays both ways ends with what he had', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.01, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }), (taker, slippageBps) => {
        const band = costBand({ taker, slippageBps });
        const slip = slippageBps / 10_000;
        const paid = 100 * (1 + slip) * (1 + taker);
        const got = 100 * (1 + (band.kind === 'fraction' ? band.value : NaN)) * (1 - slip) * (1 - taker);
        expect(got).toBeCloseTo(paid, 9);
      }),
    );
  });
  test('adds what is paid while holding, and a margin over it all', () => {
    expect(costBand({ taker: 0, carry: 0.0003, margin: 2 })).toEqual({ kind: 'fraction', value: 0.0006 });
    expect(() => costBand({ taker: -0.001 })).toThrow(UserError);
    expect(() => costBand({ taker: 0.001, slippageBps: NaN })).toThrow(UserError);
  });
});
