import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MonitorVerdict } from '../../../src/promotion/watch/expectation.js';
import { judgeLive } from '../../../src/promotion/watch/judge-live.js';
import { runningShortfall } from '../../../src/promotion/watch/running-shortfall.js';
import { blockStretch, sessionBlock } from '../../../src/promotion/watch/simulated-sessions.js';
import { random } from '../../../src/random.js';
import { quantile } from '../../../src/statistics/quantile.js';
import { expected, liveRecord, normalDays } from './expected.js';

const of = (verdicts: readonly MonitorVerdict[], monitor: MonitorVerdict['monitor']) => verdicts.find(each => each.monitor === monitor)!;

describe('the test of profit', () => {
  test('has the threshold of a random walk in discrete time where the history is long', () => {
    const returns = normalDays(6000, 0.001, 0.01, 'long');
    const { test: profit } = expected({ returns, paths: 2000 });
    // Reflection: 2(1 − Φ(c ÷ √90)) = 0.04 at c = 2.0537 √90; a walk that is seen once a day overshoots by 0.5826 (Siegmund 1985).
    const blocks = blockStretch(6000, sessionBlock(returns));
    expect(profit.threshold / blocks).toBeGreaterThan(18.9 * 0.95);
    expect(profit.threshold / blocks).toBeLessThan(18.9 * 1.06);
  });

  test('is as much wider for a short history as the error of its mean makes it', () => {
    const [n, horizon, paths, seeds] = [200, 90, 8000, 6];
    const draw = random('slow');
    const largest = Array.from({ length: paths }, () => {
      const error = draw.normal() / Math.sqrt(n);
      let [sum, most] = [0, 0];
      for (let t = 0; t < horizon; t++) most = Math.max(most, (sum += draw.normal() + error));
      return most;
    });
    const slow = quantile(largest, 0.96);
    let mean = 0;
    for (let s = 0; s < seeds; s++)
      mean += expected({ returns: normalDays(n, 0.001, 0.01, `short ${s}`), paths: 1000 }).test.threshold / seeds;
    expect(slow).toBeGreaterThan(19.5);
    // Whose deviation and memory have to be guessed, too, must ask for somewhat more than one who knows them.
    expect(mean / slow).toBeGreaterThan(1);
    expect(mean / slow).toBeLessThan(1.15);
  });

  test('adds up what is missing to the mean and begins anew after each horizon', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 25 }),
        (returns, horizon) => {
          const path = runningShortfall(returns, { mean: 0.01, sd: 0.02, horizon });
          let begun = 0;
          while (begun + horizon < returns.length) begun += horizon;
          expect(path).toHaveLength(returns.length - begun);
          path.forEach((value, i) => {
            const part = returns.slice(begun, begun + i + 1);
            expect(value).toBeCloseTo((0.01 * part.length - part.reduce((a, b) => a + b, 0)) / 0.02, 8);
          });
        },
      ),
    );
  });

  test('once in alarm stays so to the end of the horizon, whatever is earned back', () => {
    const expectation = expected();
    const bad = Array.from({ length: 30 }, () => -0.01);
    const good = Array.from({ length: 60 }, () => 0.02);
    const at = (returns: number[]) => of(judgeLive(expectation, liveRecord({ returns })), 'profit').verdict;
    expect(at(bad)).toBe('alarm');
    expect(at([...bad, ...good])).toBe('alarm');
    expect(at([...bad, ...good, 0.002])).toBe('inside');
  });

  test('cannot tell on the first days', () => {
    expect(of(judgeLive(expected(), liveRecord({ returns: [-0.5, -0.5] })), 'profit').verdict).toBe('cannot-tell');
  });

  test('says that an edge too small for its noise, or none, is not caught in ten horizons', () => {
    const small = expected({
      returns: normalDays(730, 0, 0.01, 'none').map((r, _, all) => r - all.reduce((a, b) => a + b, 0) / 730 + 0.0002),
    });
    expect(small.test.delay).toEqual({ days: null, power: 0.8 });
    expect(expected({ returns: normalDays(730, -0.001, 0.01, 'loser') }).test.delay.days).toBeNull();
  });

  test('catches the loss of a large edge at about the pace at which it adds up', () => {
    // One standard deviation a day: over the threshold of about 20 after 20 days, a little later where the loss began late in a horizon.
    const { threshold, delay } = expected({ returns: normalDays(730, 0.01, 0.01, 'large') }).test;
    expect(delay.days).toBeGreaterThan(threshold * 0.9);
    expect(delay.days).toBeLessThan(threshold * 2.5);
  });

  test('gives the same bits again, and others for another seed', () => {
    expect(expected()).toEqual(expected());
    expect(expected({ seed: 2 }).test.threshold).not.toBe(expected().test.threshold);
  });

  test('refuses a history without days or without any change, naming the run', () => {
    expect(() => expected({ returns: [0.01, 0.02] })).toThrow(/Run wf has 2 days out of sample/);
    expect(() => expected({ returns: new Float64Array(100) })).toThrow(/run wf do not vary/);
  });
});

describe('the cone', () => {
  test('has the quantiles of a lognormal walk with an uncertain mean', () => {
    const n = 4000;
    const returns = normalDays(n, 0.001, 0.01, 'cone');
    const { cone, mean, sd } = expected({ returns, paths: 3000 });
    for (const day of [10, 90]) {
      const row = cone.days[day - 1]!;
      const deviation = sd * Math.sqrt(day + (day * day) / n);
      // Φ⁻¹ of 0.05, 0.5 and 0.95.
      for (const [level, z] of [
        [0.05, -1.645],
        [0.5, 0],
        [0.95, 1.645],
      ] as const) {
        const closed = day * (mean - (sd * sd) / 2) + z * deviation;
        expect(Math.abs(Math.log(row[cone.levels.indexOf(level)]!) - closed)).toBeLessThan(0.12 * deviation);
      }
    }
  });

  test('never alarms, and says on which line a session stands', () => {
    const expectation = expected();
    const inside = of(judgeLive(expectation, liveRecord({ returns: Array.from({ length: 20 }, () => 0.002) })), 'cone');
    expect(inside.verdict).toBe('inside');
    expect(inside.sentence).toMatch(/between the 25% and 50%|between the 50% and 75%/);
    const below = of(judgeLive(expectation, liveRecord({ returns: Array.from({ length: 20 }, () => -0.03) })), 'cone');
    expect(below.verdict).toBe('cannot-tell');
    expect(below.sentence).toContain('below the 1% line');
  });
});
