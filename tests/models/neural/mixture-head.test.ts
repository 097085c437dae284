import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noForecast } from '../../../src/models/forecast.js';
import { mixtureHead } from '../../../src/models/neural/mixture-head.js';
import { softmaxHead } from '../../../src/models/neural/softmax-head.js';

const NO_MOMENTS = { prior: [NaN, NaN, NaN], mean: [NaN, NaN, NaN], sd: [NaN, NaN, NaN] };
const outputsOf = (size: number) => fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: size, maxLength: size });

describe('mixtureHead', () => {
  const head = mixtureHead(3);

  test('has the derivatives that differences of its loss say', () => {
    fc.assert(
      fc.property(outputsOf(12), fc.nat(2), fc.double({ min: -4, max: 4, noNaN: true }), (values, label, z) => {
        const outputs = Float64Array.from(values);
        const [gradient, unused] = [new Float64Array(12), new Float64Array(12)];
        head.loss(outputs, 0, label, z, gradient);
        for (let k = 0; k < 12; k++) {
          const at = outputs[k]!;
          outputs[k] = at + 1e-5;
          const above = head.loss(outputs, 0, label, z, unused);
          outputs[k] = at - 1e-5;
          const below = head.loss(outputs, 0, label, z, unused);
          outputs[k] = at;
          expect(Math.abs(gradient[k]! - (above - below) / 2e-5)).toBeLessThan(1e-4 * Math.max(1, Math.abs(gradient[k]!)));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('is a density that integrates to 1, with the mean and deviation that it forecasts', () => {
    fc.assert(
      fc.property(outputsOf(12), values => {
        // The classes are even: their part of the loss is log 3. Means and widths small enough that ±8 holds the mass.
        const outputs = Float64Array.from(values, (v, k) => (k < 3 ? 0 : k >= 9 ? Math.min(v, -0.5) : v));
        const unused = new Float64Array(12);
        let [mass, first, second] = [0, 0, 0];
        const step = 0.002;
        for (let z = -8 + step / 2; z < 8; z += step) {
          const density = Math.exp(Math.log(3) - head.loss(outputs, 0, 1, z, unused)) * step;
          mass += density;
          first += density * z;
          second += density * z * z;
        }
        const out = noForecast();
        head.forecast(outputs, NO_MOMENTS, 0.5, out);
        expect(mass).toBeCloseTo(1, 6);
        expect(out.mean).toBeCloseTo(0.5 * first, 6);
        expect(out.sd).toBeCloseTo(0.5 * Math.sqrt(second - first * first), 6);
        expect(out.down).toBeCloseTo(1 / 3, 14);
      }),
      { numRuns: 10 },
    );
  });

  test('with one component is a normal density', () => {
    // Width 0.05 + e^0 = 1.05, mean 0.3: −log φ((1 − 0.3) ÷ 1.05) + log 1.05.
    const expected = 0.5 * Math.log(2 * Math.PI) + Math.log(1.05) + 0.5 * (0.7 / 1.05) * (0.7 / 1.05);
    const outputs = Float64Array.of(0, 0, 0, 5, 0.3, 0);
    expect(mixtureHead(1).loss(outputs, 0, 0, 1, new Float64Array(6)) - Math.log(3)).toBeCloseTo(expected, 12);
  });

  test('takes an outcome beyond eight scales as eight, so that one crash cannot rule the loss', () => {
    const outputs = new Float64Array(12).fill(0.1);
    const [a, b] = [new Float64Array(12), new Float64Array(12)];
    expect(head.loss(outputs, 0, 0, -300, a)).toBe(head.loss(outputs, 0, 0, -8, b));
    expect(a).toEqual(b);
  });

  test('begins at the class shares of the targets, one row of each class added', () => {
    const targets = { label: Uint8Array.of(0, 0, 2, 0), z: new Float64Array(4), weight: Float64Array.of(1, 1, 1, 2) };
    for (const begun of [head, softmaxHead()]) {
      const out = noForecast();
      const outputs = new Float64Array(begun.outputs);
      outputs.set(begun.bias(targets));
      begun.forecast(outputs, { prior: [0, 0, 0], mean: [0, 0, 0], sd: [1, 1, 1] }, 1, out);
      expect([out.down, out.flat, out.up].map(p => Math.round(p * 8e9) / 1e9)).toEqual([5, 1, 2]);
    }
  });
});
