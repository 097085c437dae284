import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { compoundReturn } from '../../src/metrics/total-return.js';
import { trackOf } from '../../src/metrics/track.js';
import { DAY, HOUR, MINUTE, WEEK, YEAR } from '../../src/time.js';
import { curveOf, flat, run } from './sample-track.js';

const START = Date.UTC(2024, 0, 1);

describe('trackOf', () => {
  test('reads hourly equity at UTC day ends: the bar that closes at midnight ends the day', () => {
    const equity = Array.from({ length: 72 }, (_, i) => 1000 + i + 1);
    const { returns, returnTs, periodsPerYear, years } = trackOf(run(curveOf(equity, HOUR)));
    expect([...returnTs]).toEqual([START + DAY, START + 2 * DAY, START + 3 * DAY]);
    expect([...returns]).toEqual([1024 / 1000 - 1, 1048 / 1024 - 1, 1072 / 1048 - 1]);
    expect(periodsPerYear).toBe(365);
    expect(years).toBeCloseTo(3 / 365, 15);
  });
  test('gives a part of a day at either end its own return', () => {
    const { returnTs } = trackOf(run(curveOf(flat(30, 1000), HOUR, START + 20 * HOUR)));
    expect([...returnTs]).toEqual([START + DAY, START + 2 * DAY, START + 50 * HOUR]);
  });
  test('takes every bar of a day or longer', () => {
    const daily = trackOf(run(curveOf([1100, 990], DAY)));
    expect([...daily.returns].map(r => Number(r.toFixed(12)))).toEqual([0.1, -0.1]);
    expect(daily.periodsPerYear).toBe(365);
    expect(trackOf(run(curveOf(flat(104, 1000), WEEK))).periodsPerYear).toBeCloseTo(365 / 7, 10);
  });
  test('compounds to the total return whatever the bars are', () => {
    const equities = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        equities,
        fc.constantFrom(MINUTE, HOUR, 7 * HOUR, DAY, WEEK),
        fc.integer({ min: 0, max: DAY }),
        (equity, step, offset) => {
          const { returns, returnTs } = trackOf(run(curveOf(equity, step, START + offset)));
          expect(compoundReturn(returns)).toSatisfy((r: number) => Math.abs((1 + r) / (equity.at(-1)! / 1000) - 1) < 1e-9);
          expect(returnTs.every((ts, i) => i === 0 || ts > returnTs[i - 1]!)).toBe(true);
        },
      ),
    );
  });
  test('knows a five-day week from its own calendar, and a few missing days do not make one', () => {
    const days = Array.from({ length: 1461 }, (_, i) => START + i * DAY);
    const curve = (ts: number[]) => ({ ...curveOf(flat(ts.length, 1000), DAY), ts: Float64Array.from(ts, t => t + DAY) });
    const weekdays = days.filter(t => ![0, 6].includes(new Date(t).getUTCDay()));
    expect(trackOf(run(curve(weekdays))).periodsPerYear).toBeCloseTo((365 * 5) / 7, 0);
    expect(trackOf(run(curve(days.filter((_, i) => i % 30 !== 7)))).periodsPerYear).toBe(365);
    const hours = weekdays.flatMap(t => Array.from({ length: 7 }, (_, h) => t + (14 + h) * HOUR));
    expect(trackOf(run({ ...curveOf(flat(hours.length, 1000), HOUR), ts: Float64Array.from(hours) })).periodsPerYear).toBeCloseTo(
      (365 * 5) / 7,
      0,
    );
  });
  test('an account that was lost stays lost: −1, then 0', () => {
    expect([...trackOf(run(curveOf([500, -20, 40, 80], DAY))).returns]).toEqual([-0.5, -1, 0, 0]);
  });
  test('a run without bars, or with one, has a track', () => {
    const none = trackOf(run(curveOf([], DAY)));
    expect([none.returns.length, none.years, none.periodsPerYear]).toEqual([0, 0, 365]);
    const one = trackOf(run(curveOf([1100], DAY)));
    expect([one.returns.length, one.years, one.periodsPerYear]).toEqual([1, 0, 365]);
  });
  test('refuses a capital that is none', () => expect(() => trackOf(run(curveOf([1], DAY), { initialCapital: 0 }))).toThrow(UserError));
});

describe("the benchmark's returns", () => {
  const hourly = curveOf(flat(72, 1000), HOUR);
  test('end on the same dates at the last price known, and start from the start of the run', () => {
    const benchmark = {
      ts: Float64Array.of(START - DAY, START, START + 10 * HOUR, START + DAY, START + 40 * HOUR, START + 71 * HOUR),
      price: Float64Array.of(50, 100, 104, 110, 121, 60.5),
    };
    const { benchmark: returns } = trackOf(run(hourly, { benchmark }));
    expect([...returns!].map(r => Number(r.toFixed(12)))).toEqual([0.1, 0.1, -0.5]);
  });
  test('start from the first price where there is none by then', () => {
    const { benchmark: returns } = trackOf(
      run(hourly, {
        benchmark: { ts: Float64Array.of(START + HOUR, START + DAY, START + 3 * DAY), price: Float64Array.of(100, 130, 130) },
      }),
    );
    expect([...returns!].map(r => Number(r.toFixed(12)))).toEqual([0.3, 0, 0]);
  });
  test('are refused where the benchmark does not cover the run or is no price', () => {
    const day = (d: number, price: number) => ({ ts: Float64Array.of(START + d * DAY), price: Float64Array.of(price) });
    const attempt = (benchmark: { ts: Float64Array; price: Float64Array }) => () => trackOf(run(hourly, { benchmark }));
    for (const bad of [
      attempt(day(2, 1)),
      attempt(day(-30, 1)),
      attempt(day(0, 0)),
      attempt(day(0, NaN)),
      attempt({ ts: new Float64Array(), price: new Float64Array() }),
    ])
      expect(bad).toThrow(UserError);
  });
});

const SP500 = '../shared/expected/pbo_matrix_sp500_sma.csv';
describe.skipIf(!existsSync(SP500))(`the calendar of US equities (${SP500})`, () => {
  test('has about 251 days a year', () => {
    const dates = existsSync(SP500)
      ? readFileSync(SP500, 'utf8')
          .trim()
          .split('\n')
          .slice(1)
          .map(line => Number(line.split(',')[0]) + DAY)
      : [];
    const { periodsPerYear, years } = trackOf(run({ ...curveOf(flat(dates.length, 1000), DAY), ts: Float64Array.from(dates) }));
    expect(periodsPerYear).toBeGreaterThan(250);
    expect(periodsPerYear).toBeLessThan(252.5);
    expect(years * YEAR).toBe(dates.at(-1)! - dates[0]! + DAY);
  });
});
