import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ks } from '../../../src/models/drift/kolmogorov-smirnov-drift.js';
import { psi } from '../../../src/models/drift/population-drift.js';
import { random, type Random } from '../../../src/random.js';
import { twoSampleDistance } from '../../../src/statistics/two-sample-distance.js';
import { expectWarningFirstAndRecovery, falseAlarms, found, normal, shifted } from './simulated-runs.js';

const sample = (draw: Random, count: number): Float64Array => Float64Array.from({ length: count }, () => draw.normal());
const kinds = { ks: (draw: Random) => ks()(sample(draw, 1000)), psi: (draw: Random) => psi()(sample(draw, 1000)) };

describe.each(Object.entries(kinds))('%s', (_, make) => {
  it('raises no more false alarms than it states', () => {
    const { drift, warning } = falseAlarms(make, normal, 200);
    expect(drift).toBeLessThanOrEqual(0.05);
    expect(warning).toBeLessThanOrEqual(0.2);
  });

  it('finds a shift in the time it states', () => {
    for (const by of [1, -1]) expect(found(make, normal, shifted(normal, by), 100, 80, 100)).toBeGreaterThanOrEqual(0.95);
  });

  it('warns first, and recovers', () => expectWarningFirstAndRecovery(make, 120));

  it('forgets on reset, but not its reference', () => {
    const detector = make(random('reference'));
    const values = [...sample(random('values'), 90)].map(x => x + 0.8);
    const first = values.map(x => [detector.update(x), detector.statistic]);
    detector.reset();
    expect(values.map(x => [detector.update(x), detector.statistic])).toEqual(first);
  });
});

describe('the statistics', () => {
  it('of ks is the distance of the two samples, with and without ties', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 60 }),
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 10, maxLength: 60 }),
        (before, after) => {
          const detector = ks({ window: 20, least: 10 })(Float64Array.from(before));
          for (const x of after) detector.update(x);
          const recent = Float64Array.from(after.slice(-20));
          const root = Math.sqrt((recent.length * before.length) / (recent.length + before.length));
          const expected = twoSampleDistance(recent, Float64Array.from(before)) * (root + 0.12 + 0.11 / root);
          expect(detector.statistic).toBeCloseTo(expected, 10);
        },
      ),
    );
  });

  it('of psi is Σ (q − p) ln(q ÷ p) over its law, by hand', () => {
    // 100 values 0…99 in two halves; 10 observations, 8 of them above.
    const detector = psi({ bins: 2, window: 10, least: 10 })(Float64Array.from({ length: 100 }, (_, i) => i));
    for (const x of [1, 2, 60, 61, 62, 63, 64, 65, 66, 67]) detector.update(x);
    const index = (0.2 - 0.5) * Math.log(0.2 / 0.5) + (0.8 - 0.5) * Math.log(0.8 / 0.5);
    expect(detector.statistic).toBeCloseTo(index / (1 / 10 + 1 / 100), 12);
  });

  it('of psi has the mean of χ² with one degree less than bins', () => {
    let total = 0;
    for (let run = 0; run < 300; run++) {
      const draw = random(`law ${run}`);
      const detector = psi({ window: 100, least: 100 })(sample(draw, 1000));
      for (let i = 0; i < 100; i++) detector.update(draw.normal());
      total += detector.statistic;
    }
    // χ² of 4 degrees has mean 4 and variance 8: the mean of 300 is within 0.5 of it at three standard errors.
    expect(Math.abs(total / 300 - 4)).toBeLessThan(0.5);
  });

  it('of psi sees a spread that doubles', () => {
    expect(found(kinds.psi, normal, draw => 2 * draw.normal(), 100, 100, 100)).toBeGreaterThanOrEqual(0.8);
  });

  it('of psi leaves a reference of one value alone, and bins values that repeat', () => {
    const single = psi()(new Float64Array(200).fill(3));
    for (let i = 0; i < 100; i++) expect(single.update(9)).toBe('none');
    const rare = psi()(Float64Array.from({ length: 1000 }, (_, i) => (i % 20 === 0 ? 1 : 0)));
    expect(Array.from({ length: 40 }, () => rare.update(1)).at(-1)).toBe('drift');
  });

  it('need a reference and a window', () => {
    expect(() => ks()(Float64Array.of(NaN))).toThrow(/no value/);
    expect(() => psi()(new Float64Array(0))).toThrow(/no value/);
    expect(() => ks({ window: 20 })).toThrow(/window/);
    expect(() => psi({ bins: 1 })).toThrow(/bins/);
    expect(() => psi({ window: 20 })).toThrow(/window/);
    expect(() => psi({ least: 5 })).toThrow(/least/);
    expect(() => psi({ falseAlarm: 0.3 })).toThrow(/falseAlarm/);
  });
});
