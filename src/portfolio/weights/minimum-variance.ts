import { solvePositiveDefinite } from '../../statistics/positive-definite.js';
import { correlationUnits, weightsOfAmounts } from './correlation-units.js';

/** A slope below this part of the largest is rounding. */
const FLAT = 1e-12;

/** x that is best on the `active` ones alone, 0 elsewhere. */
const bestOf = (matrix: Float64Array, goal: Float64Array, active: readonly number[]): Float64Array => {
  const size = goal.length;
  const part = Float64Array.from({ length: active.length * active.length }, (_, at) => {
    const [row, column] = [active[Math.floor(at / active.length)]!, active[at % active.length]!];
    return matrix[row * size + column]!;
  });
  const solved = solvePositiveDefinite(
    part,
    Float64Array.from(active, i => goal[i]!),
  );
  if (solved === null) throw new RangeError('the matrix is no covariance');
  const best = new Float64Array(size);
  active.forEach((i, at) => (best[i] = solved[at]!));
  return best;
};

/** x ≥ 0 with the least ½xᵀAx − goalᵀx for a positive definite A: who is in is found one by one, who would be short leaves. */
const nonNegativeLeast = (matrix: Float64Array, goal: Float64Array): Float64Array => {
  const size = goal.length;
  const most = goal.reduce((a, b) => Math.max(a, b), 0);
  const isIn = new Uint8Array(size);
  let x = new Float64Array(size);
  const active = (): number[] => Array.from(goal.keys()).filter(i => isIn[i] === 1);
  // Each round lowers the objective, so none comes back; the bound only guards against rounding.
  for (let round = 0; round < 10 * size * size; round++) {
    let entering = -1;
    let steepest = FLAT * most;
    for (let i = 0; i < size; i++) {
      if (isIn[i] === 1) continue;
      let slope = goal[i]!;
      for (let j = 0; j < size; j++) slope -= matrix[i * size + j]! * x[j]!;
      if (slope > steepest) {
        steepest = slope;
        entering = i;
      }
    }
    if (entering < 0) break;
    isIn[entering] = 1;
    for (;;) {
      const members = active();
      const best = bestOf(matrix, goal, members);
      let leaving = -1;
      let step = 1;
      for (const i of members) {
        if (best[i]! > 0) continue;
        const far = x[i]! > best[i]! ? x[i]! / (x[i]! - best[i]!) : 0;
        if (leaving < 0 || far < step) {
          leaving = i;
          step = far;
        }
      }
      if (leaving < 0) {
        x = Float64Array.from(best);
        break;
      }
      for (const i of members) x[i]! += step * (best[i]! - x[i]!);
      x[leaving] = 0;
      isIn[leaving] = 0;
    }
  }
  return x;
};

/**
 * Long-only weights with the least variance, sum 1: the exact answer of the quadratic programme, so that most weights may be 0. `covariance` is
 * row-major with positive variances; give it a shrunk one, for it takes every error of a covariance for an opportunity.
 * Sources: Markowitz, Portfolio Selection, Journal of Finance 7 (1952); the active-set method of Lawson & Hanson, Solving Least Squares
 * Problems (1974), chapter 23, on the normal equations.
 */
export const minimumVarianceWeights = (covariance: Float64Array, size: number): Float64Array => {
  const { volatility, correlation } = correlationUnits(covariance, size);
  // min wᵀΣw with Σw = 1 has the direction of min ½xᵀΣx − 1ᵀx.
  return weightsOfAmounts(
    nonNegativeLeast(
      correlation,
      volatility.map(v => 1 / v),
    ),
    volatility,
  );
};
