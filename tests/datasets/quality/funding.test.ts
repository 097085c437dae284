import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../src/datasets/quality/checks.js';
import { fundingIntervals } from '../../../src/datasets/quality/funding-interval.js';
import type { Finding, Series } from '../../../src/datasets/series.js';
import { HOUR } from '../../../src/time.js';
import { codes, contextOf } from './random-bars.js';

const START = Date.UTC(2024, 0, 1);
const settlements = (hours: readonly number[]): Float64Array => {
  let t = START;
  return Float64Array.from([START, ...hours.map(h => (t += h * HOUR))]);
};
const repeat = (hours: number, times: number): number[] => Array.from({ length: times }, () => hours);
const seriesOf = (ts: Float64Array): Series => ({
  kind: 'funding',
  symbol: 'BTC/USDT:USDT',
  rows: ts.length,
  ts,
  columns: [Float64Array.from(ts, (_, i) => 0.0001 * (i % 3)), fundingIntervals(ts, ts.length)],
});
const check = (ts: Float64Array, exchange = 'bybit'): Finding[] => runChecks(seriesOf(ts), contextOf(NaN, { exchange }));

describe('funding', () => {
  test('intervals of 8 h, then 4 h, then 1 h are legal when they persist', () => {
    const ts = settlements([...repeat(8, 10), ...repeat(4, 10), ...repeat(1, 10)]);
    expect([...fundingIntervals(ts, ts.length)].map(ms => ms / HOUR)).toEqual([8, ...repeat(8, 10), ...repeat(4, 10), ...repeat(1, 10)]);
    expect(codes(check(ts))).toEqual(['funding-interval']);
  });

  test('a settlement left out anywhere is an error on the line after it, and does not pass for a longer interval', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 4, 8), fc.integer({ min: 2, max: 57 }), fc.integer({ min: 1, max: 3 }), (hours, at, missing) => {
        const ts = settlements([...repeat(hours, at), hours * (missing + 1), ...repeat(hours, 60 - at)]);
        expect([...fundingIntervals(ts, ts.length)].every(ms => ms === hours * HOUR)).toBe(true);
        const found = check(ts).find(one => one.code === 'missing-funding');
        expect(found).toMatchObject({ severity: 'error', row: at + 3, count: missing });
      }),
    );
  });

  test('milliseconds of jitter are no fault', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 47 }), { minLength: 30, maxLength: 60 }), jitter => {
        const ts = Float64Array.from(jitter, (ms, i) => START + i * 8 * HOUR + ms);
        expect([...fundingIntervals(ts, ts.length)].every(ms => ms === 8 * HOUR)).toBe(true);
        expect(check(ts).filter(found => found.severity !== 'info')).toEqual([]);
      }),
    );
  });

  test('a constant offset from 00/08/16 UTC names the zone', () => {
    const shifted = (h: number): Finding | undefined =>
      check(settlements(repeat(8, 30)).map(t => t + h * HOUR)).find(found => found.code === 'local-time');
    expect(shifted(3)?.message).toContain('--zone +03:00');
    expect(shifted(-5)?.message).toContain('-05:00');
    expect(shifted(0)).toBeUndefined();
    expect(
      codes(
        check(
          settlements(repeat(8, 30)).map(t => t + 4 * HOUR),
          'bitmex',
        ),
      ),
    ).toEqual([]);
  });

  test('one settlement off the hour is off the grid, with its line', () => {
    const ts = settlements(repeat(8, 30));
    ts[12] = (ts[12] ?? 0) + HOUR;
    expect(check(ts).find(found => found.code === 'off-grid')).toMatchObject({ row: 14, count: 1, severity: 'error' });
  });

  test('percents given for fractions are told', () => {
    const series = seriesOf(settlements(repeat(8, 30)));
    series.columns[0]?.fill(0.05);
    expect(runChecks(series, contextOf(NaN)).find(found => found.code === 'funding-size')).toMatchObject({
      severity: 'error',
      row: 2,
      count: 31,
    });
  });
});
