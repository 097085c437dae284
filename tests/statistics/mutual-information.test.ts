import { describe, expect, test } from 'vitest';
import { random } from '../../src/random.js';
import { mutualInformation } from '../../src/statistics/mutual-information.js';

const sample = (
  n: number,
  seed: number,
  draw: (r: ReturnType<typeof random>) => readonly [number, number],
  rows = 2,
  columns = 2,
): number => {
  const r = random(seed);
  const counts = new Float64Array(rows * columns);
  for (let i = 0; i < n; i++) {
    const [a, b] = draw(r);
    counts[a * columns + b]!++;
  }
  return mutualInformation(counts, columns);
};

describe('mutualInformation', () => {
  test('of a copy is the entropy, of a joint law what the definition gives, less the correction', () => {
    // A fair coin and itself: ln 2; two filled cells, two rows, two columns: the correction is −(2 − 2 − 2 + 1) ÷ 2n.
    expect(mutualInformation(Float64Array.of(50, 0, 0, 50), 2)).toBeCloseTo(Math.log(2) + 1 / 200, 12);
    // Joint law 0.4, 0.1, 0.1, 0.4: 0.8 ln 1.6 + 0.2 ln 0.4; the correction is 1 ÷ 2n.
    expect(mutualInformation(Float64Array.of(40, 10, 10, 40), 2)).toBeCloseTo(0.8 * Math.log(1.6) + 0.2 * Math.log(0.4) - 1 / 200, 12);
  });

  test('of a binary channel that errs with 0.2 is ln 2 less the entropy of the error', () => {
    const truth = Math.log(2) + 0.2 * Math.log(0.2) + 0.8 * Math.log(0.8);
    const found = sample(40_000, 3, r => {
      const sent = r.int(2);
      return [sent, r.next() < 0.2 ? 1 - sent : sent];
    });
    expect(Math.abs(found - truth)).toBeLessThan(0.01);
  });

  test('of independent things is 0 on average, where the plain estimate is not', () => {
    const found = Array.from({ length: 300 }, (_, seed) => sample(200, seed, r => [r.int(10), r.int(3)], 10, 3));
    const average = found.reduce((sum, value) => sum + value, 0) / found.length;
    // The bias that is taken off is 18 ÷ 400 = 0.045.
    expect(Math.abs(average)).toBeLessThan(0.004);
  });

  test('is not defined for nothing', () => {
    expect(mutualInformation(new Float64Array(6), 3)).toBeNaN();
  });
});
