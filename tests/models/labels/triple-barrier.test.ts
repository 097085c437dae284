import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import type { Bar } from '../../../src/events/market.js';
import { sideColumn } from '../../../src/models/labels/primary-side.js';
import { tripleBarrier, type TripleBarrierOptions } from '../../../src/models/labels/triple-barrier.js';
import { bar, HOUR, labelsOf, walk } from './bar-paths.js';

type Prices = readonly [number, number, number, number];

// σ√h is 0.05 × √4 = 0.1: barriers at 120 and 90.
const OPTIONS: TripleBarrierOptions = { horizon: 4, takeProfit: 2, stopLoss: 1 };
/** What comes of a decision at 100 when these bars follow. */
const first = (path: readonly Prices[], options: Partial<TripleBarrierOptions> = {}) => {
  const bars = [[100, 100, 100, 100] as const, ...path].map((prices, i) => bar(i, prices));
  const entry = labelsOf(tripleBarrier({ ...OPTIONS, ...options }), bars, 0.05).matured.find(m => m.row === 0);
  return entry && { label: entry.label, outcome: Math.round(entry.outcome * 1e9) / 1e9, bars: entry.bars };
};
const quiet: Prices = [100, 105, 95, 100];

/** Looks ahead from each bar, barrier by barrier: slow and independent. */
const slow = (bars: readonly Bar[], { horizon, takeProfit, stopLoss }: TripleBarrierOptions, sigma: number) =>
  bars.flatMap((entry, row) => {
    const distance = sigma * Math.sqrt(horizon);
    const top = entry.close * (1 + takeProfit * distance);
    const bottom = entry.close * (1 - stopLoss * distance);
    if (bottom <= 0) return [];
    for (let k = 1; k <= horizon; k++) {
      const b = bars[row + k];
      if (!b || b.ts !== entry.ts + k * HOUR) return [];
      const up = b.high >= top;
      const down = b.low <= bottom;
      let price: number | undefined;
      let label: number | undefined;
      if (b.open >= top || b.open <= bottom) [price, label] = [b.open, b.open >= top ? 2 : 0];
      else if (up && down) [price, label] = [[bottom, b.close, top].toSorted((x, y) => x - y)[1], 1];
      else if (up || down) [price, label] = up ? [top, 2] : [bottom, 0];
      else if (k === horizon) [price, label] = [b.close, Math.sign(b.close - entry.close) + 1];
      if (price !== undefined) return [{ row, openedAt: entry.ts, maturedAt: b.ts, bars: k, label, outcome: price / entry.close - 1 }];
    }
    return [];
  });

describe('three barriers', () => {
  test('end at the one touched first, with the return at it', () => {
    expect(first([quiet, [100, 121, 99, 101], [100, 100, 50, 60]])).toEqual({ label: 2, outcome: 0.2, bars: 2 });
    expect(first([[100, 119, 90, 119]])).toEqual({ label: 0, outcome: -0.1, bars: 1 });
  });
  test('end at the open of a bar that opens beyond one, whatever it touches later', () => {
    expect(first([[125, 126, 80, 90]])).toEqual({ label: 2, outcome: 0.25, bars: 1 });
    expect(first([[85, 130, 80, 130]])).toEqual({ label: 0, outcome: -0.15, bars: 1 });
  });
  test('are flat when one bar touches both, for nobody can say which came first', () => {
    expect(first([[100, 121, 89, 112]])).toEqual({ label: 1, outcome: 0.12, bars: 1 });
    expect(first([[100, 130, 89, 129]])).toEqual({ label: 1, outcome: 0.2, bars: 1 });
  });
  test('end by the clock with the sign of the return, and flat within a band', () => {
    const path = [quiet, quiet, quiet, [100, 105, 95, 103] as const];
    expect(first(path)).toEqual({ label: 2, outcome: 0.03, bars: 4 });
    expect(first(path, { band: { kind: 'fraction', value: 0.05 } })).toEqual({ label: 1, outcome: 0.03, bars: 4 });
    expect(first(path, { band: { kind: 'volatility', multiple: 0.25 } })).toEqual({ label: 2, outcome: 0.03, bars: 4 });
    expect(first(path, { band: { kind: 'volatility', multiple: 0.35 } })?.label).toBe(1);
    expect(first([quiet, quiet, quiet, quiet])).toEqual({ label: 1, outcome: 0, bars: 4 });
    expect(first([quiet, quiet, quiet])).toBeUndefined();
  });
  test('agree with a look ahead from every bar, on any walk with holes, oldest entry first within a bar', () => {
    const multiples = fc.double({ min: 0.3, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), multiples, multiples, (seed, horizon, takeProfit, stopLoss) => {
        const bars = walk(seed, 80, { hole: 25 });
        const options = { horizon, takeProfit, stopLoss };
        const { matured } = labelsOf(tripleBarrier(options), bars, 0.02);
        expect(matured.toSorted((a, b) => a.row - b.row)).toEqual(slow(bars, options, 0.02));
        expect(matured.toSorted((a, b) => a.maturedAt - b.maturedAt || a.row - b.row)).toEqual(matured);
      }),
      { numRuns: 60 },
    );
  });
  test('of mirrored prices give the mirrored label and the opposite return', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const [start, ...rest] = walk(seed, 13, { sigma: 0.06 });
        const entry = bar(0, [100, 100, 100, 100]);
        const scale = 100 / start!.close;
        const path = rest.map((b, i) => bar(i + 1, [b.open * scale, b.high * scale, b.low * scale, b.close * scale]));
        const mirrored = path.map((b, i) => bar(i + 1, [200 - b.open, 200 - b.low, 200 - b.high, 200 - b.close]));
        fc.pre(mirrored.every(b => b.low > 0));
        const of = (bars: Bar[], takeProfit: number, stopLoss: number) =>
          labelsOf(tripleBarrier({ horizon: 12, takeProfit, stopLoss }), [entry, ...bars], 0.03).matured.find(m => m.row === 0)!;
        const [one, other] = [of(path, 1.5, 0.8), of(mirrored, 0.8, 1.5)];
        expect(other.label).toBe(2 - one.label);
        expect(other.bars).toBe(one.bars);
        expect(other.outcome).toBeCloseTo(-one.outcome, 12);
      }),
      { numRuns: 200 },
    );
  });
  test('stand the other way round where the given side is short', () => {
    const short = sideColumn('short', Float64Array.of(HOUR), [-1]);
    // Take-profit of two at 80, stop-loss of one at 110.
    expect(
      first(
        [
          [100, 109, 81, 100],
          [100, 111, 95, 100],
        ],
        { side: short },
      ),
    ).toEqual({ label: 2, outcome: 0.1, bars: 2 });
    expect(first([[100, 100, 80, 100]], { side: short })).toEqual({ label: 0, outcome: -0.2, bars: 1 });
  });
  test('open no entry without a volatility, nor with a lower barrier that no price can touch', () => {
    const bars = walk(1, 10);
    const label = tripleBarrier({ horizon: 1, takeProfit: 1, stopLoss: 1 });
    for (const sigma of [NaN, 0, -1, 1, Infinity]) expect(labelsOf(label, bars, sigma)).toEqual({ matured: [], open: 0 });
  });
  test('are named with everything that makes them, and refuse what is no barrier', () => {
    expect(tripleBarrier(OPTIONS).key).toBe('triple-barrier(4,tp=2,sl=1,band=0)');
    const side = sideColumn('trend', Float64Array.of(), []);
    expect(tripleBarrier({ ...OPTIONS, side }).key).toBe('triple-barrier(4,tp=2,sl=1,band=0,side=trend)');
    for (const bad of [{ horizon: 0 }, { takeProfit: 0 }, { stopLoss: NaN }, { band: { kind: 'fraction', value: -1 } as const }])
      expect(() => tripleBarrier({ ...OPTIONS, ...bad })).toThrow(UserError);
  });
});
