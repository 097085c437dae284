import { factorInto, solveLower } from './cholesky.js';

/** What cancellation leaves of a dependent row is no pivot. */
const SMALLEST_PIVOT = 1e-13;

/** x with A x = b for a symmetric positive definite A, row-major; null when A is not one to working precision. */
export const solvePositiveDefinite = (matrix: Float64Array, b: Float64Array): Float64Array | null => {
  const n = b.length;
  const lower = new Float64Array(n * n);
  if (!factorInto(lower, matrix, n, 0, SMALLEST_PIVOT)) return null;
  const x = Float64Array.from(b);
  solveLower({ size: n, lower }, x);
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
};

/** Inverse of a symmetric positive definite matrix, row-major; null when it is not one to working precision. */
export const invertPositiveDefinite = (matrix: Float64Array, size: number): Float64Array | null => {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const unit = new Float64Array(size);
    unit[j] = 1;
    const column = solvePositiveDefinite(matrix, unit);
    if (column === null) return null;
    for (let i = 0; i < size; i++) inverse[i * size + j] = column[i]!;
  }
  return inverse;
};
