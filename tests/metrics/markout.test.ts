import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARKOUT_HORIZONS, markouts, type MakerFills, type MidPrices } from '../../src/metrics/markout.js';
import { random } from '../../src/random.js';

const fillsOf = (rows: readonly (readonly [ts: number, price: number, quantity: number, side: 1 | -1])[]): MakerFills => ({
  ts: Float64Array.from(rows, row => row[0]),
  price: Float64Array.from(rows, row => row[1]),
  quantity: Float64Array.from(rows, row => row[2]),
  side: Float64Array.from(rows, row => row[3]),
});
const midsOf = (rows: readonly (readonly [ts: number, mid: number])[]): MidPrices => ({
  ts: Float64Array.from(rows, row => row[0]),
  mid: Float64Array.from(rows, row => row[1]),
});

describe('markouts', () => {
  it('are worked by hand: the signed move of the mid against the fill, weighted by size', () => {
    const fills = fillsOf([
      [1_000, 100, 1, 1],
      [2_000, 200, 3, -1],
    ]);
    const mids = midsOf([
      [0, 99],
      [1_100, 101],
      [2_050, 204],
      [9_000, 1],
    ]);
    const [after100] = markouts(fills, mids, [100]);
    // +1 on 100 bought, −4 × 3 on 600 sold.
    expect(after100).toMatchObject({ horizonMs: 100, fills: 2, money: 1 - 12 });
    expect(after100?.bps).toBeCloseTo((1e4 * (1 - 12)) / 700, 12);
  });

  it('take the last mid at or before the end of the horizon, never a later one', () => {
    const fills = fillsOf([[0, 100, 1, 1]]);
    const mids = midsOf([
      [0, 100],
      [100, 103],
      [100, 104],
      [101, 999],
    ]);
    expect(markouts(fills, mids, [99, 100]).map(({ money }) => money)).toEqual([0, 4]);
  });

  it('leave out fills whose horizon ends after the last mid, or before the first', () => {
    const fills = fillsOf([
      [0, 100, 1, 1],
      [500, 100, 1, 1],
      [950, 100, 1, 1],
    ]);
    const mids = midsOf([
      [400, 101],
      [1_000, 102],
    ]);
    const [only] = markouts(fills, mids, [100]);
    expect(only).toMatchObject({ fills: 1, money: 1 });
    expect(markouts(fillsOf([]), mids)[0]).toMatchObject({ fills: 0, bps: NaN, error: NaN, money: 0 });
  });

  it('of a maker who is always hit before the mid moves a tick against him are that tick', () => {
    const rows = Array.from({ length: 50 }, (_, i) => [i * 10_000, 100, 2, i % 2 === 0 ? 1 : -1] as const);
    const mids = midsOf(
      rows.flatMap(([ts, , , side]) => [
        [ts, 100 + 0.05 * side],
        [ts + 50, 100 - 0.2 * side],
      ]),
    );
    for (const { fills, bps, error } of markouts(fillsOf(rows.slice(0, -1)), mids, [100, 1_000, 5_000])) {
      expect(fills).toBe(49);
      expect(bps).toBeCloseTo(-20, 9);
      expect(error).toBeCloseTo(0, 9);
    }
  });

  it('are what a fill by fill account gives, whatever the fills', () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 50_000 }),
      fc.integer({ min: 90, max: 110 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom<1 | -1>(1, -1),
    );
    const mid = fc.tuple(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 90, max: 110 }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.array(mid, { minLength: 1, maxLength: 60 }), (rows, states) => {
        const inTime = [...rows].sort((a, b) => a[0] - b[0]);
        const path = [...states].sort((a, b) => a[0] - b[0]);
        const last = path.at(-1)?.[0] ?? NaN;
        for (const { horizonMs, fills, bps, money } of markouts(fillsOf(inTime), midsOf(path))) {
          const judged = inTime.flatMap(([ts, price, quantity, side]) => {
            const known = path.filter(([at]) => at <= ts + horizonMs).at(-1);
            return known && ts + horizonMs <= last ? [[side * (known[1] - price) * quantity, price * quantity] as const] : [];
          });
          const sum = (k: 0 | 1): number => judged.reduce((total, pair) => total + pair[k], 0);
          expect(fills).toBe(judged.length);
          expect(money).toBe(sum(0));
          if (fills > 0) expect(bps).toBeCloseTo((1e4 * sum(0)) / sum(1), 9);
        }
      }),
    );
  });

  it('have the standard error of independent fills: the mean is within two of them nineteen times in twenty', () => {
    const draw = random('markout');
    let inside = 0;
    for (let trial = 0; trial < 200; trial++) {
      // Mean −3 basis points, sizes that differ, fills far apart.
      const rows = Array.from({ length: 80 }, (_, i) => [i * 60_000, 10_000, 1 + draw.int(3), draw.next() < 0.5 ? 1 : -1] as const);
      const mids = midsOf(rows.map(([ts, price, , side]) => [ts + 50, price * (1 + side * (-3e-4 + 8e-4 * draw.normal()))]));
      const [result] = markouts(fillsOf(rows.slice(0, -1)), mids, [1_000]);
      if (Math.abs((result?.bps ?? NaN) + 3) < 2 * (result?.error ?? NaN)) inside++;
    }
    expect(inside).toBeGreaterThan(180);
    expect(inside).toBeLessThan(200);
  });

  it('have a larger error where fills share what follows them', () => {
    const draw = random('shared');
    const moves = Array.from({ length: 40 }, () => draw.normal());
    // Twenty fills in each of forty moves: forty numbers of information, not eight hundred.
    const rows = moves.flatMap((_, i) => Array.from({ length: 20 }, (_unused, k) => [i * 5_000 + k * 200, 10_000, 1, 1] as const));
    const mids = midsOf([...moves.map((move, i) => [i * 5_000 + 4_500, 10_000 + move] as const), [300_000, 10_000] as const]);
    const error = markouts(fillsOf(rows), mids, [5_000])[0]?.error ?? NaN;
    expect(error).toBeGreaterThan(0.6 / Math.sqrt(40));
    expect(error).toBeLessThan(1.6 / Math.sqrt(40));
  });

  it('are measured at 100 ms, 1 s, 5 s and 30 s unless said, and refuse what makes no sense', () => {
    expect(MARKOUT_HORIZONS).toEqual([100, 1_000, 5_000, 30_000]);
    const fills = fillsOf([[0, 1, 1, 1]]);
    expect(() => markouts(fills, midsOf([[0, 1]]), [-1])).toThrow('looks before the fill');
    expect(() => markouts({ ...fills, side: new Float64Array(2) }, midsOf([]))).toThrow('differ in length');
  });
});
