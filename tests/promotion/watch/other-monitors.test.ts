import { describe, expect, test } from 'vitest';
import { tooManyDrifts } from '../../../src/promotion/watch/drift-count.js';
import { forecastDrift } from '../../../src/promotion/watch/forecast-drift.js';
import { hitRateRatio } from '../../../src/promotion/watch/hit-rate-test.js';
import { judgeLive } from '../../../src/promotion/watch/judge-live.js';
import { meanBound } from '../../../src/promotion/watch/slippage-bound.js';
import { random } from '../../../src/random.js';
import { normalCdf } from '../../../src/statistics/normal.js';
import { DAY, HOUR } from '../../../src/time.js';
import type { Fact } from '../../../src/events/fact.js';
import { expected, liveRecord } from './expected.js';

const verdictOf = (monitor: string, record: Parameters<typeof liveRecord>[0], input: Parameters<typeof expected>[0] = {}) =>
  judgeLive(expected(input), liveRecord(record)).find(each => each.monitor === monitor)!;

describe('the monitors together', () => {
  test('spend the stated chance of a false alarm and no more', () => {
    const { falseAlarm, shares } = expected().test;
    expect(shares.profit + shares.hitRate + shares.slippage + shares.drift).toBeCloseTo(falseAlarm, 12);
  });

  test('answer in one order, and cannot tell before anything happened', () => {
    const verdicts = judgeLive(expected(), liveRecord());
    expect(verdicts.map(({ monitor }) => monitor)).toEqual(['profit', 'cone', 'hit-rate', 'slippage', 'forecast-drift']);
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['cannot-tell']));
  });
});

describe('the share of wins', () => {
  test('is weighed as small numbers can be by hand', () => {
    // Expected 1 of 2: the next is a win with ½. Alternatives 0.9 … 0.1 times ½, mean ¼: a win is half as likely under them, a loss ¾ ÷ ½ times.
    expect(hitRateRatio({ wins: 1, count: 2 }, { wins: 0, count: 0 })).toBeCloseTo(1, 12);
    expect(hitRateRatio({ wins: 1, count: 2 }, { wins: 1, count: 1 })).toBeCloseTo(0.5, 12);
    expect(hitRateRatio({ wins: 1, count: 2 }, { wins: 0, count: 1 })).toBeCloseTo(1.5, 12);
  });

  test('alarms in at most the stated share of conforming strategies, looked at after every trade', () => {
    const [alpha, sessions] = [0.05, 400];
    let alarms = 0;
    for (let s = 0; s < sessions; s++) {
      const draw = random(`hit-${s}`);
      const win = () => (draw.next() < 0.45 ? 1 : 0);
      let wins = 0;
      for (let i = 0; i < 100; i++) wins += win();
      const history = { wins, count: 100 };
      let own = 0;
      for (let count = 1; count <= 200; count++) {
        own += win();
        if (hitRateRatio(history, { wins: own, count }) < 1 / alpha) continue;
        alarms++;
        break;
      }
    }
    expect(alarms / sessions).toBeLessThan(alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / sessions));
    expect(alarms).toBeGreaterThan(0);
  });

  test('alarms when wins become rare, and not when there are more', () => {
    expect(verdictOf('hit-rate', { trades: { wins: 20, count: 80 } }).verdict).toBe('alarm');
    expect(verdictOf('hit-rate', { trades: { wins: 70, count: 80 } }).verdict).toBe('inside');
    expect(verdictOf('hit-rate', { trades: { wins: 0, count: 5 } }).verdict).toBe('cannot-tell');
    expect(verdictOf('hit-rate', { trades: { wins: 0, count: 50 } }, { trades: { wins: 5, count: 9 } }).verdict).toBe('cannot-tell');
  });
});

describe('slippage', () => {
  test('has a bound at which the mixture of the source reaches 1/α', () => {
    for (const [fills, alpha] of [
      [30, 0.005],
      [200, 0.005],
      [5000, 0.05],
    ] as const) {
      // Howard et al. (2021): 2 √(ρ ÷ (v + ρ)) exp(s² ÷ 2(v + ρ)) Φ(s ÷ √(v + ρ)), ρ = 15, v fills.
      const s = meanBound(fills, 1, alpha) * fills;
      const mixture = 2 * Math.sqrt(15 / (fills + 15)) * Math.exp((s * s) / (2 * (fills + 15))) * normalCdf(s / Math.sqrt(fills + 15));
      expect(mixture).toBeGreaterThan(1 / alpha);
      expect(mixture).toBeLessThan(1.2 / alpha);
    }
  });

  test('passes its bound in at most the stated share of sessions, looked at after every fill', () => {
    const [alpha, sessions] = [0.05, 400];
    let alarms = 0;
    for (let s = 0; s < sessions; s++) {
      const draw = random(`fills-${s}`);
      let [sum, squares] = [0, 0];
      for (let fills = 1; fills <= 1000; fills++) {
        const x = draw.normal();
        sum += x;
        squares += x * x;
        if (fills < 30) continue;
        const sd = Math.sqrt((squares - (sum * sum) / fills) / (fills - 1));
        if (sum / fills <= meanBound(fills, sd, alpha)) continue;
        alarms++;
        break;
      }
    }
    expect(alarms / sessions).toBeLessThan(alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / sessions));
    expect(alarms).toBeGreaterThan(0);
  });

  test('alarms only above the model, by more than chance and half a basis point', () => {
    expect(verdictOf('slippage', { slippage: { bps: 5, sd: 4, fills: 200 } }).verdict).toBe('alarm');
    expect(verdictOf('slippage', { slippage: { bps: 2.4, sd: 1, fills: 1e6 } }).verdict).toBe('inside');
    expect(verdictOf('slippage', { slippage: { bps: -3, sd: 4, fills: 200 } }).verdict).toBe('inside');
    expect(verdictOf('slippage', { slippage: { bps: 50, sd: 4, fills: 29 } }).verdict).toBe('cannot-tell');
    expect(verdictOf('slippage', { slippage: { bps: 50, sd: 4, fills: 200 } }, { slippageBps: null }).verdict).toBe('cannot-tell');
  });
});

describe('drift of forecasts', () => {
  test('needs so many drifts as a Poisson process at the detectors’ rate does not make', () => {
    const tail = (rate: number, from: number) => {
      let sum = 0;
      for (let k = 0, term = Math.exp(-rate); k < from; k++, term *= rate / k) sum += term;
      return 1 - sum;
    };
    for (const stretches of [10, 90, 540, 2160, 20_000])
      for (const alpha of [0.0025, 0.01]) {
        const count = tooManyDrifts(stretches, alpha);
        const rate = (2 * 0.05 * stretches) / 500;
        expect(tail(rate, count)).toBeLessThanOrEqual(alpha);
        if (count > 2) expect(tail(rate, count - 1)).toBeGreaterThan(alpha);
        expect(count).toBeGreaterThanOrEqual(2);
      }
  });

  const changed = (ts: number, subject: string, level: 'none' | 'warning' | 'drift'): Fact => ({
    seq: ts,
    type: 'DriftChanged',
    version: 1,
    account: 'main',
    ts,
    knownAt: ts,
    strategy: 's',
    correlationId: 0,
    causationId: 0,
    subject,
    detector: 'page-hinkley',
    level,
    statistic: 1,
    threshold: 1,
  });

  test('counts what came to drift on the step, and neither features nor what was there before', () => {
    const facts = [
      changed(1, 'residual', 'drift'),
      changed(5, 'features', 'drift'),
      changed(6, 'residual', 'none'),
      changed(7, 'calibration', 'warning'),
      changed(8, 'calibration', 'drift'),
      changed(9, 'calibration', 'none'),
      changed(10, 'calibration', 'drift'),
    ];
    const drift = forecastDrift(facts, DAY, 5);
    expect(drift.episodes).toBe(2);
    expect(drift.now.map(({ subject, level, since }) => [subject, level, since])).toEqual([
      ['calibration', 'drift', 10],
      ['features', 'drift', 5],
      ['residual', 'none', 6],
    ]);
    expect(verdictOf('forecast-drift', { drift }).verdict).toBe('alarm');
    expect(verdictOf('forecast-drift', { drift: { ...drift, stretchMs: HOUR } }).verdict).toBe('inside');
  });

  test('is no alarm because a session goes on for many horizons, in which honest forecasts drift now and then too', () => {
    // Hourly stretches of 1800 days: 43,200 at 2 × 0.05 in 500 are 8.64 drifts to be expected; all in the first ten days are far too many.
    const drift = { stretchMs: HOUR, episodes: 9, now: [] };
    expect(verdictOf('forecast-drift', { drift, returns: Array<number>(1_800).fill(0.001) }).verdict).toBe('inside');
    expect(verdictOf('forecast-drift', { drift, returns: Array<number>(10).fill(0.001) }).verdict).toBe('alarm');
  });
});
