import { describe, expect, test } from 'vitest';
import { adamStep } from '../../../src/models/neural/adam.js';
import { byMatrix, glorotUniform, parameterCount } from '../../../src/models/neural/parameters.js';
import { random } from '../../../src/random.js';

const fresh = (n: number) => ({ mean: new Float32Array(n), square: new Float32Array(n), steps: 0 });

describe('adamStep', () => {
  const options = { learningRate: 0.01, weightDecay: 0, clipNorm: 1e9 };

  test('moves every weight by the learning rate against the sign of its first gradient, however large that is', () => {
    const weights = Float32Array.of(1, 1, 1);
    adamStep(weights, Float32Array.of(1e-3, -5, 200), new Uint8Array(3), fresh(3), options);
    expect(weights[0]).toBeCloseTo(0.99, 4);
    expect(weights[1]).toBeCloseTo(1.01, 6);
    expect(weights[2]).toBeCloseTo(0.99, 6);
  });

  test('follows the recurrence of Kingma and Ba over several gradients', () => {
    const gradients = [0.3, -0.1, 0.25, 0.7, -0.6];
    const weights = Float32Array.of(0.5);
    const state = fresh(1);
    let [theta, m, v] = [0.5, 0, 0];
    let [b1, b2] = [1, 1];
    for (const g of gradients) {
      adamStep(weights, Float32Array.of(g), new Uint8Array(1), state, options);
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      b1 *= 0.9;
      b2 *= 0.999;
      theta -= (0.01 * (m / (1 - b1))) / (Math.sqrt(v / (1 - b2)) + 1e-8);
    }
    expect(weights[0]).toBeCloseTo(theta, 6);
    expect(state.steps).toBe(5);
  });

  test('shortens a gradient to the norm allowed, all entries alike', () => {
    const [a, b] = [fresh(2), fresh(2)];
    adamStep(new Float32Array(2), Float32Array.of(30, -40), new Uint8Array(2), a, { ...options, clipNorm: 5 });
    adamStep(new Float32Array(2), Float32Array.of(3, -4), new Uint8Array(2), b, { ...options, clipNorm: 5 });
    a.mean.forEach((m, k) => expect(m).toBeCloseTo(b.mean[k]!, 6));
  });

  test('takes from each weight that decays its share, whatever the gradient', () => {
    const weights = Float32Array.of(2, 2);
    adamStep(weights, new Float32Array(2), Uint8Array.of(1, 0), fresh(2), { ...options, weightDecay: 0.5 });
    expect([...weights]).toEqual([Math.fround(2 * (1 - 0.01 * 0.5)), 2]);
  });
});

describe('glorotUniform', () => {
  const shapes = [
    { name: 'a', rows: 100, columns: 50 },
    { name: 'b', rows: 1, columns: 50, bias: new Float64Array(50).fill(0.25) },
    { name: 'c', rows: 50, columns: 100, fanOut: 25 },
  ];

  test('draws with the variance 2 ÷ (fan in + fan out), inside its bounds, and leaves biases as given', () => {
    const [a, b, c] = byMatrix(glorotUniform(shapes, random(1)), shapes);
    const variance = (part: Float32Array): number => part.reduce((sum, v) => sum + v * v, 0) / part.length;
    expect(variance(a!) / (2 / 150)).toBeCloseTo(1, 1);
    expect(variance(c!) / (2 / 75)).toBeCloseTo(1, 1);
    expect(Math.max(...a!.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 150));
    expect([...b!]).toEqual(Array.from({ length: 50 }, () => 0.25));
    expect(parameterCount(shapes)).toBe(10_050);
  });

  test('gives a matrix the same values whichever stand beside it', () => {
    const [whole] = byMatrix(glorotUniform(shapes, random(1)), shapes);
    const alone = glorotUniform([shapes[2]!, shapes[0]!], random(1));
    expect(alone.slice(5000)).toEqual(whole!.slice());
    expect(glorotUniform(shapes, random(2))).not.toEqual(glorotUniform(shapes, random(1)));
  });
});
