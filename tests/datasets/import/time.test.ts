import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDateText } from '../../../src/datasets/import/date-text.js';
import { toMilliseconds, toUtc } from '../../../src/datasets/import/time-column.js';
import { zone } from '../../../src/datasets/quality/zone.js';
import { HOUR, MINUTE } from '../../../src/time.js';

const instant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2099, 11, 31) });

describe('written dates', () => {
  test('an ISO time is read as Date reads it, with and without its zone', () => {
    fc.assert(
      fc.property(instant, ts => {
        const iso = new Date(ts).toISOString();
        expect(parseDateText(iso)).toEqual({ ms: ts, absolute: true });
        expect(parseDateText(iso.slice(0, 23).replace('T', ' '))).toEqual({ ms: ts, absolute: false });
        expect(parseDateText(iso.slice(0, 10).replaceAll('-', ''))).toEqual({ ms: Date.parse(iso.slice(0, 10)), absolute: false });
      }),
    );
  });

  test.each([
    ['2019-10-17 09-AM', Date.UTC(2019, 9, 17, 9)],
    ['2019-10-17 12-AM', Date.UTC(2019, 9, 17, 0)],
    ['2019-10-17 12-PM', Date.UTC(2019, 9, 17, 12)],
    ['2019-10-17 11:30 pm', Date.UTC(2019, 9, 17, 23, 30)],
    ['2020.03.25 10:36', Date.UTC(2020, 2, 25, 10, 36)],
    ['2020/03/25', Date.UTC(2020, 2, 25)],
    ['20170419 090000', Date.UTC(2017, 3, 19, 9)],
    ['2024-01-01T03:00:00+03:00', Date.UTC(2024, 0, 1)],
    ['2024-01-01 00:00:00 UTC', Date.UTC(2024, 0, 1)],
    ['2024-02-29 00:00:00.000123', Date.UTC(2024, 1, 29) + 0.123],
  ])('%s', (text, expected) => {
    expect(parseDateText(text).ms).toBe(expected);
  });

  test.each([
    '',
    'yesterday',
    '2023-02-29',
    '2024-13-01',
    '2024-01-32',
    '2024-01-01 25:00',
    '2024-01-01 10:61',
    '2024-01-01 13-PM',
    '17-10-2019',
    '2024-01-01 00:00 EST',
  ])('"%s" is not a date', text => {
    expect(parseDateText(text).ms).toBeNaN();
  });
});

describe('time units and zones', () => {
  test('seconds, milli-, micro- and nanoseconds are told by their size, also when they change within a file', () => {
    const values = Float64Array.of(1735603200, 1735603200000, 1735689600000000, 1735689600000000000);
    const { units } = toMilliseconds(values, 'auto');
    expect([...values]).toEqual([1735603200000, 1735603200000, 1735689600000, 1735689600000]);
    expect(units.map(({ unit, first }) => [unit, first])).toEqual([
      ['s', 0],
      ['ms', 1],
      ['us', 2],
      ['ns', 3],
    ]);
    const dates = Float64Array.of(20240131, 20240201);
    toMilliseconds(dates, 'auto');
    expect([...dates]).toEqual([Date.UTC(2024, 0, 31), Date.UTC(2024, 1, 1)]);
    const fixed = Float64Array.of(1e15);
    toMilliseconds(fixed, 's');
    expect(fixed[0]).toBeNaN();
  });

  test('a local clock read in its zone gives back UTC, hour by hour through both changes, in either direction', () => {
    for (const name of ['Europe/London', 'America/New_York', 'Australia/Sydney', 'Asia/Kolkata', '+03:00', '-05:30']) {
      const clock = zone(name);
      const utc = Float64Array.from({ length: 17_600 }, (_, i) => Date.UTC(2023, 0, 1) + i * (HOUR / 2));
      const wall = utc.map(t => t + clock.offsetAt(t));
      const forward = wall.slice();
      expect(toUtc(forward, clock).impossible).toEqual([]);
      expect(forward).toEqual(utc);
      const backward = wall.slice().reverse();
      toUtc(backward, clock);
      expect(backward).toEqual(utc.slice().reverse());
    }
  });

  test('times that the clock skipped are named', () => {
    const wall = Float64Array.of(Date.UTC(2023, 2, 26, 0, 30), Date.UTC(2023, 2, 26, 1, 30), Date.UTC(2023, 2, 26, 2, 30));
    expect(toUtc(wall, zone('Europe/London')).impossible).toEqual([1]);
  });

  test('the changes of a zone are those that governments published', () => {
    expect(zone('Europe/London').transitions(Date.UTC(2023, 0, 1), Date.UTC(2024, 0, 1))).toEqual([
      { at: Date.UTC(2023, 2, 26, 1), before: 0, after: HOUR },
      { at: Date.UTC(2023, 9, 29, 1), before: HOUR, after: 0 },
    ]);
    expect(zone('+05:30').offsetAt(0)).toBe(5 * HOUR + 30 * MINUTE);
    expect(() => zone('Atlantis/Poseidonis')).toThrow(/not a time zone/);
  });
});
