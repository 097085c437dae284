import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantLatency, latencyModel, logNormalLatency, recordedLatency } from '../../src/sim/latency/latency-models.js';

const MEDIANS = { feed: 10, order: 20, cancel: 30, report: 40, sigma: 0.5 };

describe('constant latency', () => {
  it('is the same on each leg at any time, and none for market data unless it is given', () => {
    const { feed, order, cancel, report } = constantLatency({ order: 1, cancel: 2, report: 3 });
    for (const ts of [0, 1e12]) expect([feed(ts), order(ts), cancel(ts), report(ts)]).toEqual([0, 1, 2, 3]);
    expect(constantLatency({ order: 1, cancel: 2, report: 3, feed: 4 }).feed(0)).toBe(4);
  });
});

describe('log-normal latency', () => {
  it('has its median and the standard deviation of its logarithm on each leg', () => {
    const model = logNormalLatency(MEDIANS, 7);
    for (const leg of ['feed', 'order', 'cancel', 'report'] as const) {
      const logs = Array.from({ length: 4000 }, (_, i) => Math.log(model[leg](i) / MEDIANS[leg]));
      const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length;
      const deviation = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / logs.length);
      // Five standard errors: 0.5 ÷ √4000, and 0.5 ÷ √8000.
      expect(Math.abs(mean)).toBeLessThan(0.04);
      expect(Math.abs(deviation - 0.5)).toBeLessThan(0.028);
    }
  });

  it('is the same for the same seed, and its legs do not shift each other', () => {
    const [a, b] = [logNormalLatency(MEDIANS, 'x'), logNormalLatency(MEDIANS, 'x')];
    b.feed(0);
    b.cancel(0);
    expect([a.order(1), a.order(2), a.report(3)]).toEqual([b.order(1), b.order(2), b.report(3)]);
    expect(logNormalLatency(MEDIANS, 'y').order(1)).not.toBe(logNormalLatency(MEDIANS, 'x').order(1));
  });

  it('is constant without a deviation, and nothing where the median is nothing', () => {
    const model = logNormalLatency({ ...MEDIANS, feed: 0, sigma: 0 }, 1);
    expect([model.feed(0), model.order(0)]).toEqual([0, 20]);
    expect(logNormalLatency({ ...MEDIANS, feed: 0 }, 1).feed(0)).toBe(0);
  });
});

describe('recorded latency', () => {
  const recorded = { ts: [1000, 2000, 4000], feed: [1, 3, 7], order: [10, 30, 70], report: [100, 300, 700] };

  it('lies on the line between the samples around a time, and holds before the first and after the last', () => {
    const model = recordedLatency(recorded);
    expect([0, 1000, 1500, 2000, 3000, 4000, 9000].map(ts => model.feed(ts))).toEqual([1, 1, 2, 3, 5, 7, 7]);
    expect(model.order(2500)).toBe(40);
    expect(model.cancel(2500)).toBe(40);
    expect(model.report(1250)).toBe(150);
    expect(recordedLatency({ ts: [5], feed: [1], order: [2], report: [3] }).order(7)).toBe(2);
  });

  it('stays within the recorded range', () => {
    const samples = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(samples, fc.double({ min: -10, max: 3000, noNaN: true }), (latencies, now) => {
        const ts = latencies.map((_, i) => i * 100);
        const given = recordedLatency({ ts, feed: latencies, order: latencies, report: latencies }).feed(now);
        expect(given).toBeGreaterThanOrEqual(Math.min(...latencies));
        expect(given).toBeLessThanOrEqual(Math.max(...latencies));
      }),
    );
  });

  it('refuses columns of different length and times that do not ascend', () => {
    expect(() => recordedLatency({ ...recorded, order: [1] })).toThrowError(expect.objectContaining({ code: 'bad-latency' }));
    expect(() => recordedLatency({ ...recorded, ts: [1, 1, 2] })).toThrowError(expect.objectContaining({ code: 'bad-latency' }));
  });
});

describe('the latency of a configuration', () => {
  it('is the model that it names', () => {
    expect(latencyModel({ kind: 'constant', order: 5, cancel: 6, report: 7 }, 1).cancel(0)).toBe(6);
    expect(latencyModel({ kind: 'log-normal', ...MEDIANS }, 7).order(1)).toBe(logNormalLatency(MEDIANS, 7).order(1));
    expect(latencyModel({ kind: 'recorded', version: 'v', ts: [0, 10], feed: [0, 1], order: [0, 2], report: [0, 3] }, 1).report(5)).toBe(
      1.5,
    );
  });
});
