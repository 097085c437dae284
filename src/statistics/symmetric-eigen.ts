/** Sweeps after which a symmetric matrix of any size met here has long converged. */
const SWEEPS = 60;

/**
 * Eigenvalues of a symmetric matrix, row-major, in the order the rotations leave them, and the orthonormal eigenvectors as the columns of `vectors`,
 * row-major. Only the arithmetic operations and square roots: the bits agree everywhere.
 * Source: the cyclic Jacobi method, Golub & Van Loan, Matrix Computations (2013), section 8.5.
 */
export const symmetricEigen = (matrix: Float64Array, size: number): { readonly values: Float64Array; readonly vectors: Float64Array } => {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        const off = a[p * size + q]!;
        const app = a[p * size + p]!;
        const aqq = a[q * size + q]!;
        // Below this the rotation would not change the diagonal.
        if (Math.abs(off) <= 1e-17 * (Math.abs(app) + Math.abs(aqq))) continue;
        rotated = true;
        const tau = (aqq - app) / (2 * off);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        const c = 1 / Math.sqrt(1 + t * t);
        const s = t * c;
        for (let k = 0; k < size; k++) {
          const kp = a[k * size + p]!;
          const kq = a[k * size + q]!;
          a[k * size + p] = c * kp - s * kq;
          a[k * size + q] = s * kp + c * kq;
        }
        for (let k = 0; k < size; k++) {
          const pk = a[p * size + k]!;
          const qk = a[q * size + k]!;
          a[p * size + k] = c * pk - s * qk;
          a[q * size + k] = s * pk + c * qk;
        }
        a[p * size + q] = 0;
        a[q * size + p] = 0;
        for (let k = 0; k < size; k++) {
          const kp = vectors[k * size + p]!;
          const kq = vectors[k * size + q]!;
          vectors[k * size + p] = c * kp - s * kq;
          vectors[k * size + q] = s * kp + c * kq;
        }
      }
    if (!rotated) break;
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]!), vectors };
};
