import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trackOf } from '../../src/metrics/track.js';
import { equityRows } from '../../src/reports/rows/equity-rows.js';
import { decayRows, driftRows, objectiveRows, searchedParams, surfaceRows } from '../../src/reports/rows/fold-rows.js';
import { binRows, monthRows, rollingRows } from '../../src/reports/rows/return-rows.js';
import { costRows, MOST_FILLS, priceTradeRows } from '../../src/reports/rows/trading-rows.js';
import { DAY, HOUR } from '../../src/time.js';
import { crossover, START, walk, walkForwardInput } from './fixture.js';
import type { ReportFold } from '../../src/reports/rows/fold-rows.js';

describe('monthly returns', () => {
  test('compound within a month and a year; a return that ends at midnight belongs to the day before', () => {
    const rows = monthRows({
      returns: Float64Array.of(0.1, 0.1, -0.5, 0.2),
      returnTs: Float64Array.of(Date.UTC(2023, 0, 15), Date.UTC(2023, 1, 1), Date.UTC(2023, 1, 2), Date.UTC(2024, 0, 2)),
    });
    const cell = (year: string, month: string) => rows.find(row => row.year === year && row.month === month)?.value;
    expect(cell('2023', 'Jan')).toBeCloseTo(0.21, 12);
    expect(cell('2023', 'Feb')).toBeCloseTo(-0.5, 12);
    expect(cell('2023', 'Year')).toBeCloseTo(1.21 * 0.5 - 1, 12);
    expect(cell('2024', 'Year')).toBeCloseTo(0.2, 12);
    expect(rows).toHaveLength(5);
  });

  test('of all years together compound to the return of the run', () => {
    const result = crossover(walk(6_000, HOUR, 4), 20, 80);
    const years = monthRows(trackOf(result)).filter(row => row.month === 'Year');
    expect(years.reduce((growth, row) => growth * (1 + row.value), 1)).toBeCloseTo(result.finalEquity / result.initialCapital, 9);
  });
});

describe('the histogram of returns', () => {
  test('counts every return once, none on both sides of zero, and the normal law takes no more than all of them', () => {
    const returns = fc.array(fc.double({ noNaN: true, min: -0.9, max: 0.9 }), { minLength: 10, maxLength: 300 });
    fc.assert(
      fc.property(returns, values => {
        const bins = binRows(Float64Array.from(values));
        if (bins.length === 0) {
          expect(new Set(values.map(v => v + 0)).size).toBe(1);
          return;
        }
        expect(bins.reduce((n, bin) => n + bin.count, 0)).toBe(values.length);
        expect(bins.reduce((n, bin) => n + bin.normal, 0)).toBeLessThanOrEqual(values.length * (1 + 1e-9));
        for (const bin of bins) expect(bin.from * bin.to).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('is empty for fewer than ten returns and for returns that do not vary', () => {
    expect(binRows(new Float64Array(9))).toEqual([]);
    expect(binRows(new Float64Array(50).fill(0.01))).toEqual([]);
  });
});

describe('equity rows', () => {
  const market = walk(30_000, HOUR, 9);
  const result = crossover(market, 40, 160);
  const rows = equityRows(result, { name: 'held', ts: market.ts, price: market.close });

  test('keep the highest and lowest equity, the deepest drawdown and the ends', () => {
    const equity = Array.from(result.curve.equity);
    let peak = result.initialCapital;
    const deepest = Math.min(...equity.map(value => value / (peak = Math.max(peak, value)) - 1));
    expect(rows.length).toBeLessThan(8_000);
    expect(Math.max(...rows.map(row => row.equity))).toBe(Math.max(...equity));
    expect(Math.min(...rows.map(row => row.equity))).toBe(Math.min(...equity));
    expect(Math.min(...rows.map(row => row.drawdown))).toBeCloseTo(deepest, 12);
    expect(rows.at(-1)?.equity).toBe(equity.at(-1));
  });

  test('put the same capital into the benchmark at the first bar', () => {
    expect(rows[0]?.benchmark).toBe(result.initialCapital);
    expect(rows.at(-1)?.benchmark).toBeCloseTo((result.initialCapital * market.close.at(-1)!) / market.close[0]!, 6);
  });

  test('have no benchmark before its first price', () => {
    const late = equityRows(result, { name: 'late', ts: Float64Array.of(START + 100 * DAY), price: Float64Array.of(5) });
    expect(late[0]?.benchmark).toBeNull();
    expect(late.at(-1)?.benchmark).toBe(result.initialCapital);
  });
});

test('rolling rows begin with the first full window', () => {
  const track = trackOf(crossover(walk(2_400, HOUR, 5), 10, 40));
  const rows = rollingRows(track, 20);
  expect(rows).toHaveLength(track.returns.length - 19);
  expect(rows[0]?.ts).toBe(track.returnTs[19]);
});

test('the cost steps lead from gross to net', () => {
  const track = trackOf(crossover(walk(6_000, HOUR, 4), 20, 80));
  const rows = costRows(track);
  const changes = rows.slice(0, -1).reduce((total, row) => total + row.amount, 0);
  expect(changes).toBeCloseTo(rows.at(-1)!.amount, 6);
});

test('of too many fills the largest are drawn, in time order', () => {
  const result = crossover(walk(2_000, HOUR, 4), 20, 80);
  const fill = result.fills[0]!;
  const fills = Array.from({ length: MOST_FILLS + 500 }, (_, i) => ({ ...fill, ts: START + i, quantity: 1 + ((i * 7919) % 5_000) }));
  const drawn = priceTradeRows(fill.symbol, walk(2_000, HOUR, 4), { ...result, fills, roundTrips: [] }).fills;
  expect(drawn).toHaveLength(MOST_FILLS);
  const sizes = fills.map(f => f.quantity).sort((a, b) => b - a);
  expect(Math.min(...drawn.map(f => f.quantity))).toBe(sizes[MOST_FILLS - 1]);
  expect(drawn.map(f => f.ts)).toEqual(drawn.map(f => f.ts).sort((a, b) => a - b));
});

test('of too many round trips the weightiest are drawn, each with the fills at its ends', () => {
  const result = crossover(walk(60_000, HOUR, 4), 3, 6);
  const drawn = priceTradeRows(result.fills[0]!.symbol, walk(10, HOUR, 4), result);
  const weights = result.roundTrips.map(trip => Math.abs(trip.netPnl)).sort((a, b) => b - a);
  expect(result.fills.length).toBeGreaterThan(MOST_FILLS);
  expect(Math.min(...drawn.trips.map(trip => Math.abs(trip.pnl)))).toBe(weights[drawn.trips.length - 1]);
  const marked = new Set(drawn.fills.map(fill => fill.ts));
  for (const trip of drawn.trips) expect(marked.has(trip.from) && marked.has(trip.to)).toBe(true);
  expect(drawn.fills.length).toBeLessThanOrEqual(MOST_FILLS);
});

describe('rows of folds', () => {
  const window = { from: 0, to: DAY };
  const fold = (index: number, partial: Partial<ReportFold>): ReportFold => ({
    index,
    train: window,
    test: window,
    params: { fast: 1, slow: 5, mode: 'a' },
    inSample: { sharpe: 1 },
    outOfSample: { sharpe: 0.5 },
    candidates: [],
    ...partial,
  });

  test('a fold without a defined objective on one side has no point', () => {
    expect(decayRows([fold(0, {}), fold(1, { outOfSample: { sharpe: null } }), fold(2, { inSample: {} })], 'sharpe')).toEqual([
      { fold: 1, inSample: 1, outOfSample: 0.5 },
    ]);
  });

  test('only parameters that took more than one value were searched, the most varied first', () => {
    const candidates = [1, 2, 3].flatMap(fast => [5, 6].map(slow => ({ params: { fast, slow, mode: 'a' }, objective: 0 })));
    expect(searchedParams([fold(0, { candidates })])).toEqual(['fast', 'slow']);
  });

  test('a fold that stood aside chose nothing', () => {
    expect(driftRows([fold(0, { params: null }), fold(1, {})], ['fast'])).toEqual([{ fold: 2, param: 'fast', value: 1 }]);
  });

  test('a cell of the surface holds the best over the other parameters and is marked when the choice lies in it', () => {
    const candidates = [
      { params: { fast: 1, slow: 5, mode: 'a' }, objective: 0.2 },
      { params: { fast: 1, slow: 5, mode: 'b' }, objective: 0.9 },
      { params: { fast: 1, slow: 5, mode: 'c' }, objective: 0.1 },
      { params: { fast: 2, slow: 5, mode: 'a' }, objective: null },
    ];
    expect(surfaceRows([fold(0, { candidates })], 'fast', 'slow')).toEqual([{ fold: 1, x: 1, y: 5, objective: 0.9, chosen: true }]);
  });

  test('continuous parameters are put into at most sixteen bins', () => {
    const candidates = Array.from({ length: 500 }, (_, i) => ({ params: { fast: 1 + i / 7, slow: 100 - i / 3 }, objective: i }));
    const rows = surfaceRows([fold(0, { candidates })], 'fast', 'slow');
    expect(new Set(rows.map(row => row.x)).size).toBeLessThanOrEqual(16);
    expect(new Set(rows.map(row => row.y)).size).toBeLessThanOrEqual(16);
    expect(Math.max(...rows.map(row => row.objective))).toBe(499);
  });

  test('the chosen configuration is always among those drawn', () => {
    const rows = objectiveRows(walkForwardInput().folds, 3);
    for (let n = 1; n <= 8; n++) expect(rows.filter(row => row.fold === n && row.chosen)).toHaveLength(1);
  });
});
