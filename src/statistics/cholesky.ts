/** The lower triangle L of a covariance matrix K + jitter·I = L Lᵀ, row-major. */
export interface CholeskyFactor {
  readonly size: number;
  readonly lower: Float64Array;
  /** What had to be added to the diagonal; 0 when K was positive definite to working precision. */
  readonly jitter: number;
}

/** Pivots below this part of the diagonal are what cancellation left, not variance. */
const SMALLEST_PIVOT = 1e-14;
const FIRST_JITTER = 1e-10;
const LAST_JITTER = 1e-2;

/**
 * Writes the lower triangle L of matrix + jitter·I = L Lᵀ, row-major, of which only the lower triangle is read; false when a pivot is below `smallest` of its diagonal. Source: Golub &
 * Van Loan, Matrix Computations (2013), algorithm 4.2.1.
 */
export const factorInto = (lower: Float64Array, matrix: Float64Array, n: number, jitter: number, smallest: number): boolean => {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let s = matrix[row + j]!;
      if (i === j) s += jitter;
      for (let k = 0; k < j; k++) s -= lower[row + k]! * lower[other + k]!;
      if (i > j) lower[row + j] = s / lower[other + j]!;
      else if (s > smallest * (matrix[row + i]! + jitter)) lower[row + i] = Math.sqrt(s);
      else return false;
    }
  }
  return true;
};

/**
 * Factor of a covariance matrix of which only the lower triangle is read. Where rounding, or two points at one place, left it short of positive
 * definite, its diagonal is raised by 1e-10 of its mean, then ten times that, until it is (Rasmussen & Williams, Gaussian Processes for Machine
 * Learning, 2006, A.4 and 3.4.3). `lower` may be a buffer to write into. Throws a RangeError for a matrix that is no covariance even so.
 */
export const cholesky = (matrix: Float64Array, size: number, lower = new Float64Array(size * size)): CholeskyFactor => {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i]!;
  const unit = trace / size;
  for (let jitter = 0; jitter <= LAST_JITTER * unit; jitter = jitter === 0 ? FIRST_JITTER * unit : 10 * jitter)
    if (factorInto(lower, matrix, size, jitter, SMALLEST_PIVOT)) return { size, lower, jitter };
  throw new RangeError('the matrix is no covariance');
};

/** Replaces b by the x with L x = b. */
export const solveLower = ({ size, lower }: Pick<CholeskyFactor, 'size' | 'lower'>, b: Float64Array): void => {
  for (let i = 0; i < size; i++) {
    let s = b[i]!;
    for (let k = 0; k < i; k++) s -= lower[i * size + k]! * b[k]!;
    b[i] = s / lower[i * size + i]!;
  }
};

/** Replaces b by the x with Lᵀ x = b. */
export const solveUpper = ({ size, lower }: CholeskyFactor, b: Float64Array): void => {
  for (let i = size - 1; i >= 0; i--) {
    const x = b[i]! / lower[i * size + i]!;
    b[i] = x;
    for (let k = 0; k < i; k++) b[k]! -= lower[i * size + k]! * x;
  }
};

/** Writes the lower triangle of (L Lᵀ)⁻¹ into `inverse`; `work` is as large. */
export const invertFactored = ({ size: n, lower }: CholeskyFactor, inverse: Float64Array, work: Float64Array): void => {
  // First L⁻¹, row by row.
  for (let i = 0; i < n; i++) {
    const row = i * n;
    const pivot = lower[row + i]!;
    for (let j = 0; j < i; j++) work[row + j] = 0;
    for (let k = 0; k < i; k++) {
      const factor = lower[row + k]!;
      for (let j = 0; j <= k; j++) work[row + j]! -= factor * work[k * n + j]!;
    }
    for (let j = 0; j < i; j++) work[row + j]! /= pivot;
    work[row + i] = 1 / pivot;
  }
  inverse.fill(0);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const factor = work[k * n + i]!;
      for (let j = 0; j <= i; j++) inverse[i * n + j]! += factor * work[k * n + j]!;
    }
};
