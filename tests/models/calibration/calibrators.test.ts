import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { beta } from '../../../src/models/calibration/beta.js';
import type { CalibrationSamples, CalibrationState, Calibrator } from '../../../src/models/calibration/calibrator.js';
import { calibratorByName, CALIBRATORS } from '../../../src/models/calibration/calibrators.js';
import { isotonic } from '../../../src/models/calibration/isotonic.js';
import { platt } from '../../../src/models/calibration/platt.js';
import { temperature } from '../../../src/models/calibration/temperature.js';
import { classwiseCalibrationError } from '../../../src/models/scores/calibration-error.js';
import { random } from '../../../src/random.js';
import { knownLaw } from './known-law.js';

const FITTED: readonly [string, () => Calibrator, number][] = [
  ['temperature', temperature, 100],
  ['platt', platt, 200],
  ['beta', beta, 300],
  ['isotonic', isotonic, 500],
];

const fitted = (calibrator: Calibrator, samples: CalibrationSamples): CalibrationState => {
  const state = calibrator.fit(samples);
  if (state === null) throw new Error('There were enough samples.');
  return state;
};

const mapped = (calibrator: Calibrator, state: CalibrationState, { count, probability }: CalibrationSamples): Float64Array => {
  const out = probability.slice();
  const calibrate = calibrator.calibration(state);
  for (let i = 0; i < count; i++) calibrate(out, 3 * i);
  return out;
};

const logLoss = (probability: Float64Array, { count, label, weight }: CalibrationSamples): number => {
  let total = 0;
  for (let i = 0; i < count; i++) total -= weight[i]! * Math.log(probability[3 * i + label[i]!]!);
  return total;
};

interface Recipe {
  readonly seed: number;
  readonly sharpness: number;
  readonly skew: 0 | 1 | 2;
}

/** Any forecasts and any outcomes: nothing need fit. */
const anyRecipe = fc.record({
  seed: fc.integer(),
  sharpness: fc.double({ min: 0, max: 6, noNaN: true }),
  skew: fc.constantFrom(0 as const, 1 as const, 2 as const),
});

const samplesOf = (count: number, { seed, sharpness, skew }: Recipe): CalibrationSamples => {
  const samples = knownLaw(count, `any ${seed}`, sharpness);
  const draw = random(`any/${seed}`);
  const label = samples.label.map(c => (draw.next() < 0.3 ? skew : draw.next() < 0.2 ? draw.int(3) : c));
  return { ...samples, label, weight: samples.weight.map(() => 0.1 + draw.next()) };
};

/** Probability vectors with noughts, ones and everything between. */
const anyTriples = fc
  .array(fc.oneof(fc.constantFrom(0, 1e-12, 1e-4, 1), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 3, maxLength: 3 })
  .filter(three => three[0]! + three[1]! + three[2]! > 1e-6)
  .map(three => Float64Array.from(three, p => p / (three[0]! + three[1]! + three[2]!)));

describe.each(FITTED)('%s', (name, make, minimum) => {
  test('at least halves the calibration error of an overconfident forecaster on fresh outcomes', () => {
    const calibrator = make();
    const state = fitted(calibrator, knownLaw(6000, 'learn', 2.5));
    const fresh = knownLaw(10_000, 'fresh', 2.5);
    const outcome = Float64Array.from(fresh.label);
    const before = classwiseCalibrationError(fresh.probability, outcome);
    const repaired = mapped(calibrator, state, fresh);
    expect(before).toBeGreaterThan(0.08);
    expect(classwiseCalibrationError(repaired, outcome)).toBeLessThan(before / 2);
    expect(logLoss(repaired, fresh)).toBeLessThan(logLoss(fresh.probability, fresh));
  });

  test('gives up below its minimum and not at it', () => {
    const samples = knownLaw(minimum, 'least', 1.5);
    expect(make().fit(samples)).not.toBeNull();
    const fewer = { ...samples, count: minimum - 1, probability: samples.probability.slice(3), label: samples.label.slice(1) };
    expect(make().fit({ ...fewer, weight: samples.weight.slice(1) })).toBeNull();
  });

  test('maps any probabilities to ones that add up to 1, none of them certain', () => {
    const calibrator = make();
    fc.assert(
      fc.property(anyRecipe, anyTriples, (recipe, p) => {
        const samples = samplesOf(minimum, recipe);
        const state = calibrator.fit(samples);
        if (state === null) return;
        calibrator.calibration(state)(p, 0);
        expect(p[0]! + p[1]! + p[2]!).toBeCloseTo(1, 12);
        for (const q of p) {
          expect(q).toBeGreaterThan(0.99e-4);
          expect(q).toBeLessThan(1);
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('maps the same after its state went through JSON', () => {
    const calibrator = make();
    const samples = knownLaw(1500, 'json', 2);
    const state = fitted(calibrator, samples);
    const again = JSON.parse(JSON.stringify(state)) as CalibrationState;
    expect(again).toEqual(state);
    expect(mapped(make(), again, samples)).toEqual(mapped(calibrator, state, samples));
    expect(calibrator.fit(samples)).toEqual(state);
  });

  test('is found by its name', () => {
    expect(calibratorByName(name).kind).toBe(name);
  });

  test('weighs a row of weight two as two rows', () => {
    const base = knownLaw(800, 'weighted', 2);
    const twice = Array.from({ length: 800 }, (_, i) => i).filter(i => i % 3 === 0);
    const rows = [...Array.from({ length: 800 }, (_, i) => i), ...twice];
    const repeated: CalibrationSamples = {
      count: rows.length,
      probability: Float64Array.from(rows.flatMap(i => Array.from(base.probability.subarray(3 * i, 3 * i + 3)))),
      label: Uint8Array.from(rows, i => base.label[i]!),
      weight: new Float64Array(rows.length).fill(1),
    };
    const weighted = { ...base, weight: Float64Array.from({ length: 800 }, (_, i) => (i % 3 === 0 ? 2 : 1)) };
    const calibrator = make();
    const [a, b] = [fitted(calibrator, weighted), fitted(calibrator, repeated)].map(state => mapped(calibrator, state, base));
    expect(Math.max(...a!.map((p, i) => Math.abs(p - b![i]!)))).toBeLessThan(1e-4);
  });
});

describe('temperature', () => {
  test.each([0.5, 1, 2, 3])('recovers the power %d that truth was sharpened by', sharpness => {
    const state = fitted(temperature(), knownLaw(30_000, 'planted', sharpness));
    // The standard error of the inverse at 30,000 outcomes is about 0.01 of it.
    expect((state['inverse'] as number) * sharpness).toBeGreaterThan(0.95);
    expect((state['inverse'] as number) * sharpness).toBeLessThan(1.05);
  });

  test('is never worse on what it was fitted on than leaving forecasts alone', () => {
    fc.assert(
      fc.property(anyRecipe, recipe => {
        const samples = samplesOf(120, { ...recipe, sharpness: recipe.sharpness / 2 });
        fc.pre(samples.probability.every(p => p >= 1e-4));
        const repaired = mapped(temperature(), fitted(temperature(), samples), samples);
        expect(logLoss(repaired, samples)).toBeLessThanOrEqual(logLoss(samples.probability, samples) + 1e-9);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  test('keeps the order of the classes', () => {
    fc.assert(
      fc.property(anyRecipe, anyTriples, (recipe, p) => {
        const samples = samplesOf(100, recipe);
        const before = p.slice();
        temperature().calibration(fitted(temperature(), samples))(p, 0);
        for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) if (before[a]! > before[b]!) expect(p[a]!).toBeGreaterThanOrEqual(p[b]!);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

describe('platt', () => {
  /** Iteratively reweighted least squares on (log-odds, 1): each step is a weighted regression of the working response. */
  const reweighted = (x: readonly number[], y: readonly number[]): [number, number] => {
    let [a, b] = [0, 0];
    for (let round = 0; round < 60; round++) {
      let [w0, w1, w2, z0, z1] = [0, 0, 0, 0, 0];
      x.forEach((v, i) => {
        const margin = a * v + b;
        const p = 1 / (1 + Math.exp(-margin));
        const w = p * (1 - p);
        const z = margin + (y[i]! - p) / w;
        w0 += w;
        w1 += w * v;
        w2 += w * v * v;
        z0 += w * z;
        z1 += w * v * z;
      });
      const determinant = w0 * w2 - w1 * w1;
      [a, b] = [(w0 * z1 - w1 * z0) / determinant, (w2 * z0 - w1 * z1) / determinant];
    }
    return [a, b];
  };

  test('is what iteratively reweighted least squares finds for his targets', () => {
    const samples = knownLaw(1000, 'irls', 2);
    const classes = fitted(platt(), samples)['classes'] as readonly (readonly [number, number])[];
    classes.forEach(([a, b], c) => {
      const x = Array.from({ length: 1000 }, (_, i) => Math.log(samples.probability[3 * i + c]! / (1 - samples.probability[3 * i + c]!)));
      const hits = samples.label.filter(l => l === c).length;
      const y = Array.from(samples.label, l => (l === c ? (hits + 1) / (hits + 2) : 1 / (1000 - hits + 2)));
      const [slope, level] = reweighted(x, y);
      expect(a).toBeCloseTo(slope, 5);
      expect(b).toBeCloseTo(level, 5);
    });
  });

  test('stays finite where a class can be told without error', () => {
    const count = 300;
    const label = Uint8Array.from({ length: count }, (_, i) => i % 3);
    const probability = Float64Array.from({ length: 3 * count }, (_, k) => (k % 3 === Math.floor(k / 3) % 3 ? 0.8 : 0.1));
    const classes = fitted(platt(), { count, probability, label, weight: new Float64Array(count).fill(1) })['classes'] as number[][];
    for (const number of classes.flat()) expect(Number.isFinite(number)).toBe(true);
  });
});

describe('beta', () => {
  test('never makes the less probable more probable, whatever came', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const samples = knownLaw(400, `contrary ${seed}`, 2);
        // Outcomes turned around: what was held likely comes seldom.
        const label = samples.label.map(c => 2 - c);
        const state = fitted(beta(), { ...samples, label });
        for (const [a, b] of state['classes'] as readonly (readonly [number, number, number])[]) {
          expect(a).toBeGreaterThanOrEqual(0);
          expect(b).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('says the class share where forecasts tell the opposite of the truth', () => {
    // Odds of each class against what was said fall at both ends: no slope may be kept.
    const draw = random('opposite');
    const count = 3000;
    const probability = new Float64Array(3 * count);
    const label = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const up = 0.1 + 0.7 * draw.next();
      probability.set([0.9 - up, 0.1, up], 3 * i);
      label[i] = draw.next() < 0.1 ? 1 : draw.next() < up ? 0 : 2;
    }
    const classes = fitted(beta(), { count, probability, label, weight: new Float64Array(count).fill(1) })['classes'] as number[][];
    const [a, b, c] = classes[2]!;
    const share = label.filter(l => l === 2).length / count;
    expect([a, b]).toEqual([0, 0]);
    expect(1 / (1 + Math.exp(-c!))).toBeCloseTo(share, 6);
  });
});

describe('a class that never came', () => {
  test.each([platt, beta, isotonic])('leaves nothing to learn one against the rest', make => {
    const samples = knownLaw(900, 'one-sided', 2);
    expect(make().fit({ ...samples, label: samples.label.map(c => (c === 1 ? 0 : c)) })).toBeNull();
  });
});

describe('identity', () => {
  test('leaves probabilities as they are', () => {
    const p = Float64Array.of(0.2, 0.5, 0.3);
    const identity = calibratorByName('identity');
    expect(identity.fit(knownLaw(5000, 'identity', 3))).toBeNull();
    identity.calibration({ kind: 'identity' })(p, 0);
    expect(p).toEqual(Float64Array.of(0.2, 0.5, 0.3));
  });
});

describe('calibratorByName', () => {
  test('names the choices when asked for what is not there', () => {
    expect(() => calibratorByName('temprature')).toThrow(UserError);
    expect(() => calibratorByName('temprature')).toThrow(/temperature/);
    expect(Object.keys(CALIBRATORS)).toEqual(['identity', 'temperature', 'platt', 'beta', 'isotonic']);
  });
});
