import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resampleBars, resampler, tradesToBars, type ResampledBar } from '../../src/datasets/resample.js';
import type { Chunk } from '../../src/events/market.js';
import { barsOf } from '../arbitraries/series.js';
import { hasSharedData, sharedColumns } from './shared-data.js';

const M = 60_000;
const H = 60 * M;
const DAY = 24 * H;
const JAN = Date.UTC(2024, 0, 1);

const rowsOf = (chunk: Chunk): number[][] =>
  Array.from({ length: chunk.rows }, (_, i) => [chunk.ts[i] ?? NaN, ...chunk.columns.map(column => column[i] ?? NaN)]);

const sharedBars = (name: string): Chunk => {
  const columns = sharedColumns(name);
  const of = (column: string): Float64Array => Float64Array.from(columns[column] ?? [], Number);
  const ts = of('ts');
  return { kind: 'bars', symbol: name, timeframe: '1h', rows: ts.length, ts, columns: ['open', 'high', 'low', 'close', 'volume'].map(of) };
};

describe('resampling bars', () => {
  it('makes a bar of the first open, the extremes, the last close and the summed volume', () => {
    const source = barsOf([
      [JAN, 10, 15, 9, 12, 1],
      [JAN + H, 12, 14, 8, 13, 2],
      [JAN + 2 * H, 13, 20, 12, 19, 4],
      [JAN + 3 * H, 19, 19, 18, 18, 8],
    ]);
    expect(rowsOf(resampleBars(source, H, 2 * H).chunk)).toEqual([
      [JAN, 10, 15, 8, 13, 3],
      [JAN + 2 * H, 13, 20, 12, 18, 12],
    ]);
  });

  it('hands a bar over with its last source bar and never before', () => {
    const emitted: ResampledBar[] = [];
    const fold = resampler(H, 4 * H, bar => emitted.push(bar));
    const counts = Array.from({ length: 9 }, (_, i) => {
      fold.push(JAN + i * H, 1, 1, 1, 1, 1);
      return emitted.length;
    });
    expect(counts).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2]);
  });

  it('does not look ahead: what a prefix of the source gives is a prefix of what the whole gives', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(gaps, fc.nat(80), fc.constantFrom(2, 4, 8), (steps, cut, ratio) => {
        let at = JAN;
        const source = barsOf(steps.map((step, i) => [(at += step * H), i, i + 1, i - 1, i, 1]));
        const whole = rowsOf(resampleBars(source, H, ratio * H).chunk);
        const rows = Math.min(cut, source.rows);
        const prefix = rowsOf(resampleBars({ ...source, rows }, H, ratio * H).chunk);
        expect(whole.slice(0, prefix.length)).toEqual(prefix);
      }),
    );
  });

  it('makes a bar over a gap of what is there and counts it', () => {
    const source = barsOf([0, 1, 3, 4, 6, 7].map(i => [JAN + i * H, i, i + 1, i - 1, i, 1]));
    const { chunk, findings } = resampleBars(source, H, 2 * H);
    expect(rowsOf(chunk).map(row => [(row[0]! - JAN) / H, row[4], row[5]])).toEqual([
      [0, 1, 2],
      [2, 3, 1],
      [4, 4, 1],
      [6, 7, 2],
    ]);
    expect(findings).toMatchObject([{ code: 'incomplete-bars', count: 2, ts: JAN + 2 * H }]);
  });

  it('leaves out a first bar whose open it cannot know, says so, and leaves out a last one that is not over', () => {
    const source = barsOf([1, 2, 3, 4].map(i => [JAN + i * H, i, i, i, i, 1]));
    const { chunk, findings } = resampleBars(source, H, 2 * H);
    expect(rowsOf(chunk).map(row => (row[0]! - JAN) / H)).toEqual([2]);
    expect(findings).toMatchObject([{ code: 'partial-first-bar', count: 1 }]);
  });

  it('gives a bar whose end is missing once the clock says that it is over', () => {
    const emitted: ResampledBar[] = [];
    const fold = resampler(H, 4 * H, bar => emitted.push(bar));
    for (const i of [0, 1, 2]) fold.push(JAN + i * H, 1, 1, 1, 1, 1);
    fold.advance(JAN + 4 * H - 1);
    expect(emitted).toEqual([]);
    fold.advance(JAN + 4 * H);
    expect(emitted).toMatchObject([{ openTime: JAN, sourceBars: 3, expectedBars: 4 }]);
  });

  it('starts weeks on Monday, as exchanges do', () => {
    const source = barsOf(Array.from({ length: 21 }, (_, i) => [JAN + i * DAY, i, i, i, i, 1]));
    expect(rowsOf(resampleBars(source, DAY, 7 * DAY).chunk).map(row => new Date(row[0]!).getUTCDay())).toEqual([1, 1, 1]);
  });

  it('passes missing volume on as missing', () => {
    const source = barsOf([
      [JAN, 1, 1, 1, 1, NaN],
      [JAN + H, 1, 1, 1, 1, 2],
    ]);
    expect(resampleBars(source, H, 2 * H).chunk.columns[4]?.[0]).toBeNaN();
  });

  it('refuses timeframes that do not divide', () => {
    expect(() => resampler(4 * H, 6 * H, () => undefined)).toThrow(/4h do not fill bars of 6h/);
    expect(() => resampler(4 * H, H, () => undefined)).toThrow(/do not fill/);
  });

  it('makes bars of trades: first, extremes, last and sum; none where nothing traded; none that is not over', () => {
    const rows = [
      [0, 10, 1],
      [20, 12, 1],
      [59.9, 9, 2],
      [60, 11, 1],
      [240, 8, 1],
      [300, 7, 1],
    ];
    const column = (index: number, scale = 1): Float64Array => Float64Array.from(rows, row => (row[index] ?? NaN) * scale);
    const trades: Chunk = {
      kind: 'trades',
      symbol: 'A/B',
      rows: 6,
      ts: column(0, 1000).map(t => t + JAN),
      columns: [column(1), column(2), column(2)],
    };
    expect(rowsOf(tradesToBars(trades, M))).toEqual([
      [JAN, 10, 12, 9, 9, 4],
      [JAN + M, 11, 11, 11, 11, 1],
      [JAN + 4 * M, 8, 8, 8, 8, 1],
    ]);
    expect(tradesToBars(trades, M, JAN + 6 * M).rows).toBe(4);
  });
});

describe.skipIf(!hasSharedData)('resampling recorded data (needs ../shared/data)', () => {
  for (const [timeframe, ms, count] of [
    ['1m', M, 2469],
    ['5m', 5 * M, 706],
  ] as const)
    it(`makes the exchange's ${count} XRP/ETH candles of ${timeframe} out of its trades`, () => {
      const columns = sharedColumns('binance-spot_XRPETH_trades_2019-10-11_13');
      const of = (column: string): Float64Array => Float64Array.from(columns[column] ?? [], Number);
      const ts = of('ts');
      const trades: Chunk = { kind: 'trades', symbol: 'XRP/ETH', rows: ts.length, ts, columns: [of('price'), of('qty'), of('qty')] };
      const candles = sharedBars(`binance-spot_XRPETH_${timeframe}_2019-10-11_13`);
      const made = tradesToBars(trades, ms, Date.UTC(2019, 9, 13, 11, 20));
      expect(made.rows).toBe(count);
      expect(rowsOf(made).map(row => row.slice(0, 5))).toEqual(rowsOf(candles).map(row => row.slice(0, 5)));
      const volumeError = made.columns[4]?.reduce(
        (worst, volume, i) => Math.max(worst, Math.abs(volume - (candles.columns[4]?.[i] ?? NaN))),
        0,
      );
      expect(volumeError).toBeLessThan(1e-6);
    });

  it('makes the 5-minute candles out of the 1-minute ones too', () => {
    const { chunk } = resampleBars(sharedBars('binance-spot_XRPETH_1m_2019-10-11_13'), M, 5 * M);
    const candles = sharedBars('binance-spot_XRPETH_5m_2019-10-11_13');
    expect(rowsOf(chunk).map(row => row.slice(0, 5))).toEqual(rowsOf(candles).map(row => row.slice(0, 5)));
  });

  it('makes the 8-hour bars of another source out of Binance hours wherever all eight are there: 1,090 windows of each coin', () => {
    for (const coin of ['BTC', 'ETH']) {
      const complete = new Map<number, ResampledBar>();
      const fold = resampler(H, 8 * H, bar => {
        if (bar.sourceBars === 8) complete.set(bar.openTime, bar);
      });
      for (const [t = NaN, o = NaN, h = NaN, l = NaN, c = NaN, v = NaN] of rowsOf(sharedBars(`binance-spot_${coin}USDT_1h`)))
        fold.push(t, o, h, l, c, v);
      const windows = rowsOf(sharedBars(`binance-spot_${coin}USDT_8h_2023-01_2024-07`)).filter(([t = NaN]) => complete.has(t));
      expect(windows).toHaveLength(1090);
      for (const [t = NaN, ...values] of windows) {
        const bar = complete.get(t);
        expect([bar?.open, bar?.high, bar?.low, bar?.close]).toEqual(values.slice(0, 4));
        expect(Math.abs((bar?.volume ?? NaN) - (values[4] ?? NaN))).toBeLessThan(1e-4);
      }
    }
  });
});
