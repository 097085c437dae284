import { describe, expect, test } from 'vitest';
import { metricIntervals } from '../../src/metrics/intervals.js';
import type { MetricInterval } from '../../src/metrics/intervals.js';
import { summarise } from '../../src/metrics/summary.js';
import { trackOf } from '../../src/metrics/track.js';
import { random } from '../../src/random.js';
import { DAY } from '../../src/time.js';
import { curveOf, flat, run } from './sample-track.js';

/** A year of independent normal days of mean 0.1 % and deviation 1 %: its Sharpe ratio is 0.1·√365 = 1.91. */
const year = (seed: number | string) => {
  const draw = random(seed);
  let equity = 1000;
  return trackOf(
    run(
      curveOf(
        Array.from({ length: 365 }, () => (equity *= 1.001 + 0.01 * draw.normal())),
        DAY,
      ),
    ),
  );
};
const interval = (track: ReturnType<typeof year>, name: 'sharpe' | 'volatility', seed: number) =>
  metricIntervals(track, { seed, samples: 200, level: 0.9 })[name] as MetricInterval;

describe('metric intervals', () => {
  test('hold the estimate, which is the metric itself', () => {
    const track = year(1);
    const intervals = metricIntervals(track, { seed: 1, samples: 300 });
    const { values } = summarise(track);
    for (const name of ['sharpe', 'cagr', 'maxDrawdown', 'sortino', 'calmar', 'volatility'] as const) {
      const { estimate, low, high, level } = intervals[name] as MetricInterval;
      expect(estimate).toBeCloseTo(values[name]!, 9);
      expect(level).toBe(0.95);
      expect(low).toBeLessThan(high);
      if (name !== 'maxDrawdown') expect(estimate > low && estimate < high).toBe(true);
    }
    expect((intervals.maxDrawdown as MetricInterval).high).toBeLessThanOrEqual(0);
  });
  test('hold the true Sharpe ratio and volatility of a known law about as often as they say', () => {
    let sharpe = 0;
    let volatility = 0;
    for (let i = 0; i < 150; i++) {
      const track = year(`law-${i}`);
      const s = interval(track, 'sharpe', i);
      const v = interval(track, 'volatility', i);
      if (s.low <= 0.1 * Math.sqrt(365) && 0.1 * Math.sqrt(365) <= s.high) sharpe++;
      if (v.low <= 0.01 * Math.sqrt(365) && 0.01 * Math.sqrt(365) <= v.high) volatility++;
    }
    for (const held of [sharpe, volatility]) {
      expect(held / 150).toBeGreaterThan(0.8);
      expect(held / 150).toBeLessThan(0.98);
    }
  });
  test('of a Sharpe ratio are as wide as the law of its estimate says: ±1.645·√((1 + SR²/2)/T) a day', () => {
    const { low, high } = interval(year(7), 'sharpe', 3);
    expect((high - low) / (2 * 1.645 * Math.sqrt(1.005))).toSatisfy((width: number) => width > 0.8 && width < 1.2);
  });
  test('are the same for the same seed', () => {
    const track = year(2);
    expect(metricIntervals(track, { seed: 5, samples: 50 })).toEqual(metricIntervals(track, { seed: 5, samples: 50 }));
  });
  test('are not given for a handful of returns or ones that never vary', () => {
    expect(metricIntervals(trackOf(run(curveOf([1001, 1002], DAY))), { seed: 1 }).sharpe).toEqual({ undefined: 'fewer than 20 returns' });
    expect(metricIntervals(trackOf(run(curveOf(flat(50, 1000), DAY))), { seed: 1 }).sharpe).toHaveProperty('undefined');
  });
});
