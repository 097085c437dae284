import { cholesky, invertFactored, solveLower, solveUpper } from '../../statistics/cholesky.js';
import type { SideDistance } from './cube-distance.js';

/** A function to be made large, with its slope written into `gradient`; −Infinity where it is not defined. */
export type SmoothFunction = (at: Float64Array, gradient: Float64Array) => number;

const ROOT5 = Math.sqrt(5);

/**
 * log p(values | points) of `gaussianProcess` and its slope, as a function of the logarithms of the scales: the lengths by side, then the signal's
 * variance, then the noise's. Buffers are made once; a call is cubic in the number of points. Source: Rasmussen & Williams (2006), equation 5.9.
 */
export const marginalLikelihood = (points: readonly Float64Array[], values: Float64Array, distance: SideDistance): SmoothFunction => {
  const n = points.length;
  const sides = points[0]?.length ?? 0;
  const pairs = (n * (n - 1)) / 2;
  /** Squared distances by pair, i after j, the sides of one pair together. */
  const squares = new Float64Array(pairs * sides);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j < i; j++) for (let d = 0; d < sides; d++) squares[at++] = distance(points[i]!, points[j]!, d);
  const matrix = new Float64Array(n * n);
  const lower = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  const work = new Float64Array(n * n);
  const weights = new Float64Array(n);
  const inverseSquares = new Float64Array(sides);
  /** √5 × the scaled distance, by pair. */
  const reach = new Float64Array(pairs);
  const decay = new Float64Array(pairs);

  return (at, gradient) => {
    const signal = Math.exp(at[sides]!);
    const noise = Math.exp(at[sides + 1]!);
    for (let d = 0; d < sides; d++) inverseSquares[d] = Math.exp(-2 * at[d]!);
    for (let i = 0, pair = 0; i < n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        let r2 = 0;
        for (let d = 0; d < sides; d++) r2 += squares[pair * sides + d]! * inverseSquares[d]!;
        const z = ROOT5 * Math.sqrt(r2);
        const e = signal * Math.exp(-z);
        reach[pair] = z;
        decay[pair] = e;
        matrix[i * n + j] = (1 + z + (z * z) / 3) * e;
      }
      matrix[i * n + i] = signal + noise;
    }
    gradient.fill(0);
    const factor = cholesky(matrix, n, lower);
    weights.set(values);
    solveLower(factor, weights);
    let value = -0.5 * n * Math.log(2 * Math.PI);
    for (let i = 0; i < n; i++) value -= 0.5 * weights[i]! * weights[i]! + Math.log(lower[i * n + i]!);
    solveUpper(factor, weights);
    invertFactored(factor, inverse, work);
    for (let i = 0, pair = 0; i < n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        // Both triangles: twice the half that the trace is multiplied by.
        const pull = weights[i]! * weights[j]! - inverse[i * n + j]!;
        const z = reach[pair]!;
        const slope = (pull * 5 * (1 + z) * decay[pair]!) / 3;
        for (let d = 0; d < sides; d++) gradient[d]! += slope * squares[pair * sides + d]! * inverseSquares[d]!;
        gradient[sides]! += pull * matrix[i * n + j]!;
      }
      const pull = 0.5 * (weights[i]! * weights[i]! - inverse[i * n + i]!);
      gradient[sides]! += pull * signal;
      gradient[sides + 1]! += pull * noise;
    }
    return value;
  };
};
