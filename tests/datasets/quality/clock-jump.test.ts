import { describe, expect, test } from 'vitest';
import { clockJump } from '../../../src/datasets/quality/clock-jump.js';
import { zone } from '../../../src/datasets/quality/zone.js';
import type { Series } from '../../../src/datasets/series.js';
import { HOUR, MINUTE } from '../../../src/time.js';
import { contextOf, randomBars } from './random-bars.js';

const inZone = (series: Series, name: string): Series => {
  const clock = zone(name);
  return { ...series, ts: series.ts.map(utc => utc + clock.offsetAt(utc)) };
};

describe('a local clock that is put forward and back', () => {
  test.each(['Europe/London', 'America/New_York', 'Europe/Berlin', 'Australia/Sydney'])('8-hour bars in %s name that zone', name => {
    const series = inZone(randomBars(1, 1642, '8h'), name);
    const [found] = clockJump(series, contextOf(8 * HOUR));
    expect(found).toMatchObject({ code: 'clock-jump', severity: 'error' });
    expect(found?.message).toContain(`--zone ${name}`);
  });

  test('hourly bars lose one hour in spring and show one twice in autumn', () => {
    const series = inZone(randomBars(1, 8_760, '1h'), 'Europe/London');
    const [found] = clockJump(series, contextOf(HOUR));
    // 2023-03-26 01:00 UTC is row 84 × 24 + 1 (line + 2); London also changed back once in the year.
    expect(found).toMatchObject({ code: 'clock-jump', severity: 'error', count: 2, row: 84 * 24 + 1 + 2 });
    expect(found?.message).toContain('Europe/London');
  });

  test('UTC, a year with one missing hour, and a sparse series have no clock', () => {
    const year = randomBars(1, 8_760, '1h');
    expect(clockJump(year, contextOf(HOUR))).toEqual([]);
    const holed = { ...year, rows: 8_759, ts: year.ts.filter((_, i) => i !== 4_000) };
    expect(clockJump(holed, contextOf(HOUR))).toEqual([]);
    const minutes = randomBars(1, 20_000, '1m');
    const sparse = minutes.ts.filter((_, i) => i % 7 !== 3 && !(i > 5_000 && i < 5_060));
    expect(clockJump({ ...minutes, rows: sparse.length, ts: sparse }, contextOf(MINUTE))).toEqual([]);
  });
});
