import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { symmetricEigen } from '../../src/statistics/symmetric-eigen.js';

const symmetric = fc.integer({ min: 1, max: 7 }).chain(size =>
  fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: size * size, maxLength: size * size }).map(entries => {
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        matrix[i * size + j] = entries[i * size + j]!;
        matrix[j * size + i] = entries[i * size + j]!;
      }
    return { matrix, size };
  }),
);

describe('the eigendecomposition of a symmetric matrix', () => {
  test('has orthonormal vectors, each stretched by its value', () => {
    fc.assert(
      fc.property(symmetric, ({ matrix, size }) => {
        const { values, vectors } = symmetricEigen(matrix, size);
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            let inner = 0;
            let image = 0;
            for (let k = 0; k < size; k++) {
              inner += vectors[k * size + i]! * vectors[k * size + j]!;
              image += matrix[i * size + k]! * vectors[k * size + j]!;
            }
            expect(inner).toBeCloseTo(i === j ? 1 : 0, 12);
            expect(image).toBeCloseTo(values[j]! * vectors[i * size + j]!, 9);
          }
      }),
    );
  });

  test('of the second differences has the closed-form values 2 − 2 cos(kπ/(n + 1))', () => {
    const size = 12;
    const matrix = Float64Array.from({ length: size * size }, (_, at) => {
      const apart = Math.abs(Math.floor(at / size) - (at % size));
      return apart === 0 ? 2 : apart === 1 ? -1 : 0;
    });
    const values = symmetricEigen(matrix, size).values.toSorted();
    values.forEach((value, k) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (size + 1)), 12));
  });

  test('keeps small values next to large ones to their own precision in a graded matrix', () => {
    // Of diag(1, 1e-6, 1e-12) scaled from [[2, 1, 0], [1, 2, 1], [0, 1, 2]]: determinant 4 × 1e-18.
    const scale = [1, 1e-3, 1e-6];
    const core = [2, 1, 0, 1, 2, 1, 0, 1, 2];
    const matrix = Float64Array.from(core, (v, at) => v * scale[Math.floor(at / 3)]! * scale[at % 3]!);
    const product = symmetricEigen(matrix, 3).values.reduce((a, b) => a * b);
    expect(product / 4e-18).toBeCloseTo(1, 9);
  });
});
