import { describe, expect, test } from 'vitest';
import { pairedReturns } from '../../src/metrics/paired-returns.js';
import { trackOf } from '../../src/metrics/track.js';
import { DAY, HOUR } from '../../src/time.js';

const START = Date.UTC(2023, 0, 1);

/** Equity at these times; the capital before the first is 1. */
const track = (ts: readonly number[], equity: (ts: number) => number) =>
  trackOf({
    initialCapital: 1,
    curve: {
      length: ts.length,
      ts: Float64Array.from(ts),
      equity: Float64Array.from(ts, equity),
      exposure: new Float64Array(ts.length),
      gross: new Float64Array(ts.length),
    },
    fills: [],
    roundTrips: [],
    funding: [],
  });

const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) }, (_, i) => from + (i + 1) * step);

/** 1 % a day. */
const steady = (ts: number): number => Math.exp(((ts - START) / DAY) * Math.log(1.01));

describe('returns on common days', () => {
  test('run from one common day end to the next, whatever the bars', () => {
    const hourly = track(every(HOUR, START, START + 10 * DAY), steady);
    const daily = track(every(DAY, START, START + 10 * DAY), steady);
    const { from, ts, columns, periodsPerYear } = pairedReturns([hourly, daily]);
    expect([from, ...ts]).toEqual(Array.from({ length: 11 }, (_, i) => START + i * DAY));
    expect(periodsPerYear).toBe(365);
    for (const column of columns) for (const r of column) expect(r).toBeCloseTo(0.01, 12);
  });

  test('leave out what only one has, and days that only one saw half of', () => {
    const late = track(every(HOUR, START + 2 * DAY + 5 * HOUR, START + 8 * DAY + 7 * HOUR), steady);
    const daily = track(every(DAY, START, START + 10 * DAY), steady);
    const { from, ts, columns } = pairedReturns([daily, late]);
    expect(from).toBe(START + 3 * DAY);
    expect(ts.at(-1)).toBe(START + 8 * DAY);
    expect(columns.map(column => column.length)).toEqual([5, 5]);
    for (const column of columns) for (const r of column) expect(r).toBeCloseTo(0.01, 12);
  });

  test('compound over a gap that one of them has, and over the days of a week', () => {
    const whole = track(every(DAY, START, START + 28 * DAY), steady);
    const gappy = track(
      every(DAY, START, START + 28 * DAY).filter(ts => ts !== START + 5 * DAY),
      steady,
    );
    const gap = pairedReturns([whole, gappy]);
    expect(gap.ts.length).toBe(27);
    expect(gap.columns[0]![4]).toBeCloseTo(1.01 * 1.01 - 1, 12);
    expect([...gap.columns[0]!]).toEqual([...gap.columns[1]!].map(r => expect.closeTo(r, 12) as number));
    const weekly = pairedReturns([track(every(7 * DAY, START, START + 28 * DAY), steady), whole]);
    expect(weekly.ts.length).toBe(4);
    expect(weekly.periodsPerYear).toBeCloseTo(365 / 7, 9);
    for (const column of weekly.columns) for (const r of column) expect(r).toBeCloseTo(Math.exp(7 * Math.log(1.01)) - 1, 12);
  });

  test('are none for runs that never meet', () => {
    const early = track(every(DAY, START, START + 5 * DAY), steady);
    const late = track(every(DAY, START + 50 * DAY, START + 60 * DAY), steady);
    const { from, ts } = pairedReturns([early, late]);
    expect([from, ts.length]).toEqual([NaN, 0]);
  });
});
