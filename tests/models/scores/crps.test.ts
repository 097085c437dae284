import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { crpsEnsemble } from '../../../src/models/scores/crps-ensemble.js';
import { crpsMixture } from '../../../src/models/scores/crps-mixture.js';
import { crpsNormal } from '../../../src/models/scores/crps-normal.js';
import { crpsQuantiles } from '../../../src/models/scores/crps-quantiles.js';
import { pinballLoss } from '../../../src/models/scores/pinball.js';
import { random } from '../../../src/random.js';
import { normalCdf } from '../../../src/statistics/normal.js';

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** ∫ (F(x) − [x ≥ y])² dx by the midpoint rule, cut at the value so that the step falls on an edge. */
const integral = (cdf: (x: number) => number, value: number, reach: number): number => {
  const steps = 20_000;
  let total = 0;
  for (const [from, to, step] of [
    [value - reach, value, 0],
    [value, value + reach, 1],
  ] as const)
    for (let i = 0; i < steps; i++) {
      const d = cdf(from + ((i + 0.5) * (to - from)) / steps) - step;
      total += (d * d * (to - from)) / steps;
    }
  return total;
};

describe('the CRPS of a normal forecast', () => {
  test('is (√2 − 1) ÷ √π of a standard deviation where the value is the mean', () => {
    expect(crpsNormal(0, 1, 0)).toBeCloseTo((Math.SQRT2 - 1) / Math.sqrt(Math.PI), 15);
    expect(crpsNormal(3, 0.02, 3)).toBeCloseTo(0.02 * 0.23369497725510913, 15);
  });
  test('is the integral that defines it', () => {
    for (const [mean, sd, value] of [
      [0, 1, 0.7],
      [1, 2, -3],
      [-0.5, 0.3, 0.1],
    ] as const)
      expect(crpsNormal(mean, sd, value)).toBeCloseTo(
        integral(x => normalCdf((x - mean) / sd), value, 25),
        6,
      );
  });
  test('is the distance for a forecast without doubt, and missing where a part is', () => {
    expect(crpsNormal(1, 0, 3)).toBe(2);
    for (const [mean, sd, value] of [
      [NaN, 1, 0],
      [0, NaN, 0],
      [0, 1, NaN],
      [0, -1, 0],
      [NaN, 0, 0],
    ] as const)
      expect(crpsNormal(mean, sd, value)).toBeNaN();
  });
  test('is least on average for the law that the values are from', () => {
    const draw = random('proper');
    const values = Array.from({ length: 20_000 }, () => 0.1 + 0.5 * draw.normal());
    const average = (mean: number, sd: number) => values.reduce((t, y) => t + crpsNormal(mean, sd, y), 0) / values.length;
    const honest = average(0.1, 0.5);
    // The mean score of the true law is σ ÷ √π.
    expect(honest).toBeCloseTo(0.5 / Math.sqrt(Math.PI), 2);
    for (const [mean, sd] of [
      [0.1, 0.4],
      [0.1, 0.6],
      [0, 0.5],
      [0.2, 0.5],
    ] as const)
      expect(average(mean, sd)).toBeGreaterThan(honest);
  });
});

describe('the CRPS of a mixture', () => {
  test('of one law, or of the same law twice, is that of the law', () => {
    fc.assert(
      fc.property(real(-3, 3), real(0.01, 3), real(-5, 5), (mean, sd, value) => {
        const single = crpsNormal(mean, sd, value);
        expect(crpsMixture({ weight: [1], mean: [mean], sd: [sd] }, value)).toBeCloseTo(single, 12);
        expect(crpsMixture({ weight: [0.3, 0.7], mean: [mean, mean], sd: [sd, sd] }, value)).toBeCloseTo(single, 12);
      }),
    );
  });
  test('is the integral that defines it', () => {
    const mixture = { weight: [0.2, 0.5, 0.3], mean: [-1, 0, 2], sd: [0.5, 0.2, 1] };
    const cdf = (x: number) => mixture.weight.reduce((t, w, i) => t + w * normalCdf((x - mixture.mean[i]!) / mixture.sd[i]!), 0);
    for (const value of [-2, 0.1, 1.5]) expect(crpsMixture(mixture, value)).toBeCloseTo(integral(cdf, value, 15), 6);
  });
  test('of laws without doubt is that of an ensemble', () => {
    const members = [3, -1, 4, 1, 5];
    const mixture = { weight: members.map(() => 0.2), mean: members, sd: members.map(() => 0) };
    expect(crpsMixture(mixture, 2)).toBeCloseTo(crpsEnsemble(members, 2), 12);
    expect(crpsMixture({ ...mixture, sd: [0, 0, NaN, 0, 0] }, 2)).toBeNaN();
  });
});

describe('the CRPS of an ensemble', () => {
  const members = fc.array(real(-10, 10), { minLength: 1, maxLength: 12 });
  test('is mean distance less half the mean difference, pair by pair', () => {
    fc.assert(
      fc.property(members, real(-12, 12), (xs, y) => {
        let [distance, spread] = [0, 0];
        for (const a of xs) {
          distance += Math.abs(a - y) / xs.length;
          for (const b of xs) spread += Math.abs(a - b) / (xs.length * xs.length);
        }
        expect(crpsEnsemble(xs, y)).toBeCloseTo(distance - spread / 2, 10);
      }),
    );
  });
  test('of few members is fair to the law they are from, on average', () => {
    const draw = random('fair');
    let [fair, plain] = [0, 0];
    const n = 20_000;
    for (let i = 0; i < n; i++) {
      const xs = [draw.normal(), draw.normal(), draw.normal()];
      const y = draw.normal();
      fair += crpsEnsemble(xs, y, { fair: true }) / n;
      plain += crpsEnsemble(xs, y) / n;
    }
    // The law itself scores 1 ÷ √π; three members scored plainly 1 ÷ √π × (1 + 1 ÷ 3).
    expect(fair).toBeCloseTo(1 / Math.sqrt(Math.PI), 1.6);
    expect(plain).toBeCloseTo(4 / 3 / Math.sqrt(Math.PI), 1.6);
  });
  test('is missing without members or value', () => {
    expect(crpsEnsemble([], 1)).toBeNaN();
    expect(crpsEnsemble([1], 1, { fair: true })).toBeNaN();
    expect(crpsEnsemble([1, 2], NaN)).toBeNaN();
  });
});

describe('the CRPS of quantiles', () => {
  test('at levels (i − ½) ÷ m is that of m members', () => {
    fc.assert(
      fc.property(fc.array(real(-10, 10), { minLength: 1, maxLength: 12 }), real(-12, 12), (xs, y) => {
        const sorted = xs.toSorted((a, b) => a - b);
        const levels = sorted.map((_, i) => (i + 0.5) / sorted.length);
        expect(crpsQuantiles(levels, sorted, y)).toBeCloseTo(crpsEnsemble(xs, y), 10);
      }),
    );
  });
  test('refuses levels that do not ascend between 0 and 1, and is missing without any', () => {
    for (const levels of [
      [0.5, 0.5],
      [0.9, 0.1],
      [0, 0.5],
      [0.5, 1],
      [0.5, NaN],
    ])
      expect(() => crpsQuantiles(levels, [1, 2], 0)).toThrow(UserError);
    expect(crpsQuantiles([], [], 0)).toBeNaN();
  });
});

describe('the pinball loss', () => {
  test('is that of the examples in the documentation of scikit-learn', () => {
    const mean = (told: readonly number[], level: number) => [1, 2, 3].reduce((t, y, i) => t + pinballLoss(told[i]!, y, level) / 3, 0);
    expect(mean([0, 2, 3], 0.1)).toBeCloseTo(0.1 / 3, 12);
    expect(mean([1, 2, 4], 0.1)).toBeCloseTo(0.3, 12);
    expect(mean([0, 2, 3], 0.9)).toBeCloseTo(0.3, 12);
    expect(mean([1, 2, 4], 0.9)).toBeCloseTo(0.1 / 3, 12);
  });
  test('is missing where a part is', () => {
    expect(pinballLoss(NaN, 1, 0.5)).toBeNaN();
    expect(pinballLoss(1, NaN, 0.5)).toBeNaN();
  });
});
