import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parzen } from '../../../src/experiments/samplers/parzen.js';
import { random } from '../../../src/random.js';
import { bool, choice, float, int } from '../../../src/strategies/params.js';
import type { Param } from '../../../src/strategies/params.js';

const number = float(0, 1, { default: 0 });
const kinds: readonly Param[] = [number, int(1, 5, { default: 1 }), bool({ default: true }), choice(['x', 'y', 'z'])];
/** Parts that a parameter tells apart; a continuous one is cut into many for the midpoint rule. */
const parts = (axis: Param): number => ({ float: 400, int: 5, bool: 2, choice: 3 })[axis.kind];
const middles = (axis: Param): number[] => Array.from({ length: parts(axis) }, (_, i) => (i + 0.5) / parts(axis));

/** Probability by the midpoint rule of the bell of `centre` and `width` from `low` to `high`. */
const bell = (low: number, high: number, centre: number, width: number): number => {
  let sum = 0;
  for (let i = 0; i < 2000; i++) {
    const z = (low + ((i + 0.5) / 2000) * (high - low) - centre) / width;
    sum += (Math.exp((-z * z) / 2) / (width * Math.sqrt(2 * Math.PI))) * ((high - low) / 2000);
  }
  return sum;
};

describe('the Parzen mixture of TPE', () => {
  test('is a density: it sums to 1 over numbers, steps, choices and switches', () => {
    const pair = fc.tuple(fc.constantFrom(...kinds), fc.constantFrom(...kinds.slice(1)));
    const points = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(pair, points, ([a, b], observed) => {
        const mixture = parzen(
          [a, b],
          observed.map(point => Float64Array.from(point)),
        );
        let sum = 0;
        for (const x of middles(a))
          for (const y of middles(b)) sum += mixture.density(Float64Array.of(x, y)) / (a.kind === 'float' ? parts(a) : 1);
        expect(sum).toBeCloseTo(1, 3);
      }),
      { numRuns: 30 },
    );
  });

  test('draws as often as its density says', () => {
    const axes = [number, int(1, 5, { default: 1 }), choice(['x', 'y', 'z'])];
    const mixture = parzen(axes, [Float64Array.of(0.9, 0.1, 0.5), Float64Array.of(0.85, 0.9, 0.5), Float64Array.of(0.02, 0.5, 0.9)]);
    const draws = 20_000;
    const source = random('parzen');
    const seen = new Map<string, number>();
    for (let i = 0; i < draws; i++) {
      const [x = 0, y = 0, z = 0] = mixture.draw(source);
      const key = `${Math.floor(Math.min(x, 0.9999) * 4)} ${Math.floor(Math.min(y, 0.9999) * 5)} ${Math.floor(z * 3)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    for (let cell = 0; cell < 4; cell++)
      for (let step = 0; step < 5; step++)
        for (let option = 0; option < 3; option++) {
          let share = 0;
          for (let i = 0; i < 100; i++)
            share += mixture.density(Float64Array.of((cell + (i + 0.5) / 100) / 4, (step + 0.5) / 5, (option + 0.5) / 3)) / 400;
          const error = Math.sqrt((share * (1 - share)) / draws);
          expect(Math.abs((seen.get(`${cell} ${step} ${option}`) ?? 0) / draws - share)).toBeLessThan(5 * error);
        }
  });

  test('has the widths, weights and prior of the multivariate estimator in Optuna', () => {
    // One observation: width max(0.2, 1 / (1 + 2)); as heavy as the prior, which is centred and as wide as the side.
    const one = parzen([number], [Float64Array.of(0.2)]);
    const expected = (x: number): number => {
      const height = (centre: number, width: number): number =>
        Math.exp(-((x - centre) * (x - centre)) / (2 * width * width)) / (width * Math.sqrt(2 * Math.PI)) / bell(0, 1, centre, width);
      return (height(0.2, 1 / 3) + height(0.5, 1)) / 2;
    };
    for (const x of [0, 0.2, 0.5, 1]) expect(one.density(Float64Array.of(x))).toBeCloseTo(expected(x), 6);

    // Thirty observations: 0.2 × 30^(−1/5); the first five weigh 1/30 rising to 1 in even steps, the rest and the prior 1.
    const many = parzen(
      [number],
      Array.from({ length: 30 }, (_, i) => Float64Array.of(i < 3 ? 0.1 : 0.8)),
    );
    const width = 0.2 * 30 ** -0.2;
    const weights = [
      1 / 30,
      1 / 30 + (29 / 30) * 0.25,
      1 / 30 + (29 / 30) * 0.5,
      1 / 30 + (29 / 30) * 0.75,
      1,
      ...Array.from({ length: 25 }, () => 1),
    ];
    const low = weights.slice(0, 3).reduce((a, b) => a + b);
    const total = weights.reduce((a, b) => a + b) + 1;
    const height = (x: number, centre: number, w: number): number =>
      Math.exp(-((x - centre) * (x - centre)) / (2 * w * w)) / (w * Math.sqrt(2 * Math.PI)) / bell(0, 1, centre, w);
    for (const x of [0.1, 0.45, 0.8])
      expect(many.density(Float64Array.of(x))).toBeCloseTo(
        (low * height(x, 0.1, width) + (total - 1 - low) * height(x, 0.8, width) + height(x, 0.5, 1)) / total,
        6,
      );

    // Two observations of three choices: 1 on their own and 1/3 on all, and an even prior.
    const chosen = parzen([choice(['x', 'y', 'z'])], [Float64Array.of(0.5), Float64Array.of(0.5)]);
    expect(chosen.density(Float64Array.of(0.5))).toBeCloseTo((2 * (4 / 3 / 2) + 1 / 3) / 3, 12);
    expect(chosen.density(Float64Array.of(0.1))).toBeCloseTo((2 * (1 / 3 / 2) + 1 / 3) / 3, 12);
  });
});
