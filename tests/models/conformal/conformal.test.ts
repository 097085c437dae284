import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { conformal, type ConformalInterval, type ConformalOptions } from '../../../src/models/conformal/conformal.js';
import type { Json } from '../../../src/models/forecaster.js';
import { random, type Random } from '../../../src/random.js';

const normal = (draw: Random): number => draw.normal();

/** Student's t with 3 degrees of freedom: no fourth moment. */
const fatTailed = (draw: Random): number => {
  const z = draw.normal();
  const [a, b, c] = [draw.normal(), draw.normal(), draw.normal()];
  return z / Math.sqrt((a * a + b * b + c * c) / 3);
};

interface Trial {
  readonly law: (draw: Random) => number;
  /** True spread of outcome t; the forecast says `said` of it. */
  readonly spread: (t: number) => number;
  readonly said: (t: number) => number;
  readonly count: number;
  /** Outcomes from which on coverage is counted. */
  readonly from: number;
  readonly options: ConformalOptions;
}

/** Share of outcomes inside the interval that was given before them. */
const coverageOf = ({ law, spread, said, count, from, options }: Trial): number => {
  const draw = random('conformal');
  const intervals = conformal(options);
  const out = new Float64Array(2);
  let [inside, all] = [0, 0];
  for (let t = 0; t < count; t++) {
    const mean = 0.001 * draw.normal();
    intervals.interval(mean, said(t), out);
    const realised = mean + spread(t) * law(draw);
    if (t >= from) {
      all++;
      if (realised >= out[0]! && realised <= out[1]!) inside++;
    }
    intervals.learn(realised, out[0]!, out[1]!, mean, said(t));
  }
  return inside / all;
};

describe('conformal intervals', () => {
  test.each([normal, fatTailed].flatMap(law => [0.5, 1, 2].flatMap(factor => [0, 0.005].map(adaptation => ({ law, factor, adaptation })))))(
    'of 90 % hold 88 to 92 % of exchangeable outcomes ($law.name, sd misjudged × $factor, adaptation $adaptation)',
    ({ law, factor, adaptation }) => {
      const coverage = coverageOf({
        law,
        // The true spread comes and goes, and the forecast follows it but for the factor.
        spread: t => 0.01 * (1 + (t % 7)),
        said: t => 0.01 * (1 + (t % 7)) * factor,
        count: 16_000,
        from: 1000,
        options: { coverage: 0.9, adaptation },
      });
      expect(coverage).toBeGreaterThan(0.88);
      expect(coverage).toBeLessThan(0.92);
    },
  );

  test('keep their coverage while a spread that forecasts miss goes on rising, where without adaptation they fail', () => {
    const rising = (adaptation: number): number =>
      coverageOf({
        law: normal,
        spread: t => 0.01 * Math.exp(t / 1000),
        said: () => 0.01,
        count: 10_000,
        from: 1000,
        options: { coverage: 0.9, adaptation },
      });
    expect(rising(0)).toBeLessThan(0.86);
    expect(rising(0.005)).toBeGreaterThan(0.88);
    expect(rising(0.005)).toBeLessThan(0.92);
  });

  test('come back after the spread trebles at once, sooner than the window alone would bring them', () => {
    const trebled = (adaptation: number): number =>
      coverageOf({
        law: normal,
        spread: t => (t < 3000 ? 0.01 : 0.03),
        said: () => 0.01,
        count: 7000,
        from: 3000,
        options: { coverage: 0.9, adaptation, window: 3000 },
      });
    expect(trebled(0)).toBeLessThan(0.85);
    expect(trebled(0.005)).toBeGreaterThan(0.88);
    expect(trebled(0.005)).toBeLessThan(0.92);
  });

  test('miss as often as they may, but for how far the level has moved, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 20, maxLength: 120 }),
        fc.constantFrom(0.5, 0.8, 0.9),
        fc.constantFrom(0.01, 0.1),
        (outcomes, coverage, adaptation) => {
          const intervals = conformal({ coverage, adaptation, minimum: 10, window: 40 });
          const out = new Float64Array(2);
          let [misses, given] = [0, 0];
          for (const realised of outcomes) {
            intervals.interval(0, 1, out);
            if (out[0]! <= out[1]!) {
              given++;
              if (realised < out[0]! || realised > out[1]!) misses++;
            }
            intervals.learn(realised, out[0]!, out[1]!, 0, 1);
          }
          const { alpha } = intervals.state() as { readonly alpha: number };
          expect(misses / given - (1 - coverage)).toBeCloseTo((1 - coverage - alpha) / (adaptation * given), 9);
        },
      ),
    );
  });

  test('have the half-width of the ⌈(n + 1) · coverage⌉-th smallest error in units of sd', () => {
    const intervals = conformal({ coverage: 0.8, adaptation: 0, minimum: 10 });
    const out = new Float64Array(2);
    // Errors 1…14 in units of sd, out of order: of fourteen the twelfth smallest, ⌈15 × 0.8⌉.
    for (let k = 0; k < 14; k++) {
      const error = 1 + ((k * 5) % 14);
      intervals.learn(0.5 + (k % 2 === 0 ? error : -error) * 0.02, NaN, NaN, 0.5, 0.02);
    }
    intervals.interval(1, 0.1, out);
    expect(out[0]!).toBeCloseTo(1 - 1.2, 12);
    expect(out[1]!).toBeCloseTo(1 + 1.2, 12);
  });

  test('are not there before enough outcomes are known, nor without a standard deviation', () => {
    const intervals = conformal({ coverage: 0.9, minimum: 10 });
    const out = new Float64Array(2);
    for (let k = 0; k < 10; k++) {
      intervals.interval(0, 1, out);
      expect(out).toEqual(Float64Array.of(NaN, NaN));
      expect(intervals.samples).toBe(k);
      intervals.learn(k, NaN, NaN, 0, 1);
      intervals.learn(NaN, NaN, NaN, 0, 1);
      intervals.learn(1, NaN, NaN, 0, 0);
      intervals.learn(1, NaN, NaN, NaN, 1);
    }
    intervals.interval(0, 1, out);
    expect(out[1]).toBeGreaterThan(0);
    for (const sd of [0, NaN, -1]) {
      intervals.interval(0, sd, out);
      expect(out).toEqual(Float64Array.of(NaN, NaN));
    }
  });

  test('go on from a stored state as if they had never stopped', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 120 }), (seed, cut) => {
        const options = { coverage: 0.9, window: 40, minimum: 10, adaptation: 0.02 };
        const draw = random(seed);
        const whole = conformal(options);
        let halves: ConformalInterval = conformal(options);
        const [a, b] = [new Float64Array(2), new Float64Array(2)];
        for (let t = 0; t < 120; t++) {
          if (t === cut) halves = conformal(options, JSON.parse(JSON.stringify(halves.state())) as Json);
          const sd = 0.5 + draw.next();
          whole.interval(0.1, sd, a);
          halves.interval(0.1, sd, b);
          expect(b).toEqual(a);
          const realised = fatTailed(draw);
          whole.learn(realised, a[0]!, a[1]!, 0.1, sd);
          halves.learn(realised, b[0]!, b[1]!, 0.1, sd);
        }
        expect(halves.state()).toEqual(whole.state());
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    { coverage: 1 },
    { coverage: NaN },
    { coverage: 0.9, minimum: 5 },
    { coverage: 0.9, window: 50 },
    { coverage: 0.9, adaptation: -0.1 },
    { coverage: 0.9, adaptation: NaN },
  ])('refuse %o', options => {
    expect(() => conformal(options)).toThrow(UserError);
  });
});
