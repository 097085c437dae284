import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { independentTrials } from '../../src/experiments/independent-trials.js';
import type { TrialOnRecord } from '../../src/experiments/read-trials.js';
import { sketchOf } from '../../src/experiments/returns-sketch.js';
import { random } from '../../src/random.js';

let serial = 0;
/** A settled trial with these returns on a window. */
const trial = (returns: Float64Array | null, window = 0, data = 'd'): TrialOnRecord => ({
  // Spread like the hashes of real trials.
  hash: random(`hash-${serial++}`).next().toString(16),
  code: 'c',
  data,
  from: window * 100,
  to: window * 100 + 50,
  at: 0,
  strategies: new Set(['s']),
  roles: new Set(['train']),
  lines: 1,
  settled: returns !== null,
  sketch: returns && sketchOf(returns),
  sharpe: null,
});
const noise = (days: number, seed: string): Float64Array => {
  const draw = random(seed);
  return Float64Array.from({ length: days }, () => 0.01 * draw.normal());
};
const unrelated = (count: number, window = 0, days = 200): TrialOnRecord[] =>
  Array.from({ length: count }, (_, k) => trial(noise(days, `unrelated-${window}-${k}`), window));

describe('the number of independent trials', () => {
  test('is none of none, and one of one', () => {
    expect(independentTrials([])).toBe(0);
    expect(independentTrials([trial(noise(100, 'one'))])).toBe(1);
    expect(independentTrials([trial(null)])).toBe(1);
  });

  test('is one of any number with the same returns, scaled ones among them', () => {
    const returns = noise(150, 'same');
    const copies = Array.from({ length: 40 }, (_, k) => trial(returns.map(value => value * (1 + k))));
    expect(independentTrials(copies)).toBe(1);
  });

  test('is their number where they are unrelated, and where nothing is known of them', () => {
    expect(independentTrials(unrelated(30))).toBeCloseTo(30, 0);
    expect(independentTrials(Array.from({ length: 30 }, () => trial(null)))).toBe(30);
    // A month of weeks is too little to compare.
    expect(independentTrials(Array.from({ length: 30 }, (_, k) => trial(noise(4, `short-${k}`))))).toBe(30);
  });

  test('finds a few ideas among many shades of them: what is common to all counts once, what each has of its own by its share', () => {
    // Li & Ji (2005) of n trials with a correlation of r: one eigenvalue 1 + (n − 1) r, and n − 1 of 1 − r.
    const n = 60;
    const common = noise(250, 'common');
    const own = 0.1;
    const trials = Array.from({ length: n }, (_, k) => {
      const other = noise(250, `own-${k}`);
      return trial(common.map((value, t) => Math.sqrt(1 - own) * value + Math.sqrt(own) * other[t]!));
    });
    const formula = 1 + (n - 1) * own;
    expect(independentTrials(trials)).toBeGreaterThan(0.6 * formula);
    expect(independentTrials(trials)).toBeLessThan(1.6 * formula);
  });

  test('adds up over windows and data, and trials without a sketch count one each', () => {
    const [a, b] = [unrelated(12, 0), unrelated(9, 1)];
    const other = unrelated(5, 0).map(each => ({ ...each, data: 'other' }));
    const [alone, together] = [
      independentTrials(a) + independentTrials(b) + independentTrials(other),
      independentTrials([...a, ...b, ...other]),
    ];
    expect(together).toBeCloseTo(alone, 9);
    // The same idea in another window, and on other data, is another trial.
    const idea = noise(100, 'idea');
    expect(independentTrials([trial(idea), trial(idea), trial(idea, 1), trial(idea, 0, 'other')])).toBe(3);
    expect(independentTrials([...a, trial(null), trial(null)])).toBeCloseTo(independentTrials(a) + 2, 9);
  });

  test('judges more than are looked at by those that are: all of thousands of unrelated ones, one in ten of those that are alike by tens', () => {
    const many = unrelated(800);
    expect(independentTrials(many)).toBeGreaterThan(0.9 * many.length);
    const families = Array.from({ length: 800 }, (_, k) => trial(noise(200, `family-${k % 80}`).with(0, k * 1e-6)));
    // Copies but for one day: 80 families, and rather too many than too few.
    expect(independentTrials(families)).toBeGreaterThan(60);
    expect(independentTrials(families)).toBeLessThan(500);
    expect(independentTrials(families.toReversed())).toBe(independentTrials(families));
  });

  test('lies between one and the number of trials and does not depend on the order of the lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 }), fc.boolean()), { minLength: 1, maxLength: 25 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (drawn, order) => {
          const trials = drawn.map(([idea, window, isKnown]) => trial(isKnown ? noise(60, `idea-${idea}`) : null, window));
          const found = independentTrials(trials);
          expect(found).toBeGreaterThanOrEqual(1);
          expect(found).toBeLessThanOrEqual(trials.length);
          const mixed = trials.map(each => [order.next().value, each] as const).sort(([a], [b]) => a - b);
          expect(independentTrials(mixed.map(([, each]) => each))).toBeCloseTo(found, 9);
        },
      ),
      { numRuns: 50 },
    );
  });
});
