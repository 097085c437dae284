import { logistic } from './log-odds.js';

const ROUNDS = 50;
const TOLERANCE = 1e-10;

/** Solves the symmetric system of up to three unknowns by Gaussian elimination; the ridge in the caller keeps it definite. */
const solve = (matrix: Float64Array, right: Float64Array, n: number): Float64Array => {
  for (let i = 0; i < n; i++)
    for (let r = i + 1; r < n; r++) {
      const factor = matrix[r * n + i]! / matrix[i * n + i]!;
      for (let c = i; c < n; c++) matrix[r * n + c]! -= factor * matrix[i * n + c]!;
      right[r]! -= factor * right[i]!;
    }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) right[i]! -= matrix[i * n + c]! * right[c]!;
    right[i]! /= matrix[i * n + i]!;
  }
  return right;
};

/**
 * Weighted logistic regression of targets in [0, 1] on a few columns (row-major, `n` a row) by Newton's method with halved steps: the coefficients that make the log loss least, but for
 * a ridge of 10⁻⁶ that keeps separable data finite. `start` is where the search begins, and what it never does worse than.
 */
export const logisticFit = (
  x: Float64Array,
  target: Float64Array,
  weight: Float64Array,
  n: number,
  start: readonly number[],
): Float64Array => {
  const count = target.length;
  const ridge = 1e-6;
  let beta = Float64Array.from(start);
  const margin = (b: Float64Array, i: number): number => {
    let m = 0;
    for (let k = 0; k < n; k++) m += b[k]! * x[i * n + k]!;
    return m;
  };
  const loss = (b: Float64Array): number => {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const m = margin(b, i);
      total += weight[i]! * (Math.log(1 + Math.exp(-Math.abs(m))) + (m > 0 ? m : 0) - target[i]! * m);
    }
    for (let k = 0; k < n; k++) total += 0.5 * ridge * (b[k]! - start[k]!) * (b[k]! - start[k]!);
    return total;
  };
  let now = loss(beta);
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = new Float64Array(n);
    const hessian = new Float64Array(n * n);
    for (let i = 0; i < count; i++) {
      const p = logistic(margin(beta, i));
      const w = weight[i]!;
      for (let k = 0; k < n; k++) {
        gradient[k]! += w * (p - target[i]!) * x[i * n + k]!;
        for (let j = 0; j < n; j++) hessian[k * n + j]! += w * p * (1 - p) * x[i * n + k]! * x[i * n + j]!;
      }
    }
    for (let k = 0; k < n; k++) {
      gradient[k]! += ridge * (beta[k]! - start[k]!);
      hessian[k * n + k]! += ridge;
    }
    const step = solve(hessian, gradient, n);
    let size = 1;
    let next = beta;
    let then = now;
    for (; size > 1e-6; size /= 2) {
      next = beta.map((b, k) => b - size * step[k]!);
      then = loss(next);
      if (then < now) break;
    }
    if (!(then < now)) break;
    const gained = now - then;
    beta = next;
    now = then;
    if (gained < TOLERANCE * (1 + Math.abs(now))) break;
  }
  return beta;
};
