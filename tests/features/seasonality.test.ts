import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/events/market.js';
import type { Feature } from '../../src/features/feature.js';
import { dayOfWeek } from '../../src/features/seasonality/day-of-week.js';
import { hourOfDay } from '../../src/features/seasonality/hour-of-day.js';

const at = (feature: Feature, ts: number): number[] => {
  const bar: Bar = { symbol: 'X', timeframe: '1h', openTime: ts - 3_600_000, ts, open: 1, high: 1, low: 1, close: 1, volume: 1 };
  const out = new Float64Array(2);
  feature.create()(bar, out, 0);
  return [...out];
};

describe('the season', () => {
  it('has the sine and cosine of the hour to the last digit', () => {
    for (let hour = 0; hour < 24; hour++) {
      const [sin = NaN, cos = NaN] = at(hourOfDay(), Date.UTC(2024, 4, 17, hour, 30));
      expect(Math.abs(sin - Math.sin((2 * Math.PI * hour) / 24))).toBeLessThan(1e-15);
      expect(Math.abs(cos - Math.cos((2 * Math.PI * hour) / 24))).toBeLessThan(1e-15);
    }
  });

  it('has the sine and cosine of the weekday, Monday first', () => {
    for (let day = 0; day < 7; day++) {
      // 1 January 2024 was a Monday.
      const ts = Date.UTC(2024, 0, 1 + day, 13);
      const weekday = (new Date(ts).getUTCDay() + 6) % 7;
      expect(weekday).toBe(day);
      const [sin = NaN, cos = NaN] = at(dayOfWeek(), ts);
      expect(Math.abs(sin - Math.sin((2 * Math.PI * day) / 7))).toBeLessThan(1e-15);
      expect(Math.abs(cos - Math.cos((2 * Math.PI * day) / 7))).toBeLessThan(1e-15);
    }
  });
});
