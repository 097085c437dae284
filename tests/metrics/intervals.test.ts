import { describe, expect, test } from 'vitest';
import { median } from '../../bench/harness/interleave.js';
import { metricIntervals } from '../../src/metrics/intervals.js';
import type { MetricInterval } from '../../src/metrics/intervals.js';
import { summarise } from '../../src/metrics/summary.js';
import { trackOf } from '../../src/metrics/track.js';
import { tradeIntervals } from '../../src/metrics/trade-intervals.js';
import { random } from '../../src/random.js';
import { DAY } from '../../src/time.js';
import { curveOf, flat, run, trip } from './sample-track.js';

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
    const names = (Object.keys(intervals) as (keyof typeof intervals)[]).filter(name => name !== 'winRate' && name !== 'profitFactor');
    expect(names.length).toBe(11);
    for (const name of names) {
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
  test('of a Sharpe ratio are as wide as the law of its estimate says, ±1.645·√((1 + SR²/2)/T) a day, and a tenth for a year being nine blocks', () => {
    const widths = Array.from({ length: 30 }, (_, i) => {
      const { low, high } = interval(year(`width-${i}`), 'sharpe', i);
      return (high - low) / (2 * 1.645 * Math.sqrt(1.005));
    });
    // Student's t with eight degrees of freedom has its 95 % point at 1.86, not 1.645.
    expect(median(widths)).toSatisfy((width: number) => width > 0.95 && width < 1.3);
  });
  test('of losses stay losses, of ratios stay positive, and of shares stay shares', () => {
    const draw = random('trades');
    const trades = Array.from({ length: 60 }, () => trip(draw.next() < 0.9 ? 5 * draw.next() : -20 * draw.next()));
    const track = { ...year(4), roundTrips: trades };
    const of = metricIntervals(track, { seed: 1, samples: 200 }) as Record<string, MetricInterval>;
    for (const name of ['valueAtRisk', 'conditionalValueAtRisk', 'maxDrawdown']) expect(of[name]!.high, name).toBeLessThanOrEqual(0);
    for (const name of ['omega', 'volatility', 'tailRatio', 'profitFactor']) expect(of[name]!.low, name).toBeGreaterThan(0);
    expect(of['cagr']!.low).toBeGreaterThan(-1);
    const { winRate, profitFactor } = summarise(track).values;
    expect([of['winRate']!.estimate, of['profitFactor']!.estimate]).toEqual([winRate, profitFactor]);
    expect(of['winRate']!.low).toBeGreaterThan(0.5);
    expect(of['winRate']!.high).toBeLessThan(1);
  });
  test('of the win rate of independent trades hold the true one about as often as they say', () => {
    let held = 0;
    for (let i = 0; i < 150; i++) {
      const draw = random(`wins-${i}`);
      const trades = Array.from({ length: 120 }, () => trip(draw.next() < 0.4 ? 20 : -10));
      const { low, high } = tradeIntervals(trades, { seed: i, samples: 200 }).winRate as MetricInterval;
      if (low <= 0.4 && 0.4 <= high) held++;
    }
    // Three points and two standard errors of 150 draws about 95 %.
    expect(held / 150).toBeGreaterThan(0.885);
  });
  test('are the same for the same seed', () => {
    const track = year(2);
    expect(metricIntervals(track, { seed: 5, samples: 50 })).toEqual(metricIntervals(track, { seed: 5, samples: 50 }));
  });
  test('of growth are not given after a day that lost everything, while those that need no logarithm are', () => {
    const track = { ...year(5), returns: year(5).returns.map((r, i) => (i === 100 ? -1 : r)) };
    const { cagr, sharpe, maxDrawdown } = metricIntervals(track, { seed: 1, samples: 100 });
    expect(cagr).toHaveProperty('undefined');
    expect((sharpe as MetricInterval).low).toBeLessThan((sharpe as MetricInterval).high);
    expect((maxDrawdown as MetricInterval).low).toBe(-1);
  });
  test('are not given for a handful of returns or ones that never vary', () => {
    expect(metricIntervals(trackOf(run(curveOf([1001, 1002], DAY))), { seed: 1 }).sharpe).toEqual({ undefined: 'fewer than 20 returns' });
    expect(metricIntervals(year(3), { seed: 1, samples: 20 }).winRate).toEqual({ undefined: 'fewer than 20 closed trades' });
    const winners = Array.from({ length: 30 }, () => trip(1));
    expect(tradeIntervals(winners, { seed: 1, samples: 20 }).profitFactor).toEqual({ undefined: 'needs winning and losing trades' });
    expect(metricIntervals(trackOf(run(curveOf(flat(50, 1000), DAY))), { seed: 1 }).sharpe).toHaveProperty('undefined');
  });
});
