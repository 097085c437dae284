import { cholesky, solveLower, solveUpper } from '../../statistics/cholesky.js';
import type { CholeskyFactor } from '../../statistics/cholesky.js';
import type { SideDistance } from './cube-distance.js';

/** What a Gaussian process supposes of an objective: how far along each side it takes to change, how much it varies, and how noisy a look at it is. */
export interface ProcessScales {
  /** By side of the cube: the distance over which the objective forgets itself. */
  readonly lengths: Float64Array;
  /** Variance of the objective. */
  readonly signal: number;
  /** Variance of what is observed about it. */
  readonly noise: number;
}

/** A posterior over objectives, given what was observed. */
export interface GaussianProcess {
  /** log p(values | points), in nats. */
  readonly logMarginalLikelihood: number;
  /** Writes mean and variance of the objective itself (without the noise of a look at it) at a point into `out`. */
  predict(point: Float64Array, out: Float64Array): void;
  /** The process as if its own mean had been observed at a point: the means stay, the variances nearby fall (Kriging believer). */
  believe(point: Float64Array): GaussianProcess;
}

const ROOT5 = Math.sqrt(5);

/**
 * Correlation of two values at a scaled distance r by Matérn's law with ν = 5/2, that of functions twice differentiable: (1 + √5 r + 5r²/3) e^(−√5 r).
 * Source: Rasmussen & Williams (2006), equation 4.17.
 */
export const matern52 = (r: number): number => (1 + ROOT5 * r + (5 / 3) * r * r) * Math.exp(-ROOT5 * r);

const posterior = (
  points: readonly Float64Array[],
  values: Float64Array,
  scales: ProcessScales,
  distance: SideDistance,
  factor: CholeskyFactor,
): GaussianProcess => {
  const n = points.length;
  const { lengths, signal } = scales;
  const covariance = (a: Float64Array, b: Float64Array): number => {
    let r2 = 0;
    for (let d = 0; d < lengths.length; d++) r2 += distance(a, b, d) / (lengths[d]! * lengths[d]!);
    return signal * matern52(Math.sqrt(r2));
  };
  const weights = Float64Array.from(values);
  solveLower(factor, weights);
  let logLikelihood = -0.5 * n * Math.log(2 * Math.PI);
  for (let i = 0; i < n; i++) logLikelihood -= 0.5 * weights[i]! * weights[i]! + Math.log(factor.lower[i * n + i]!);
  solveUpper(factor, weights);
  const column = new Float64Array(n);
  const predict = (point: Float64Array, out: Float64Array): void => {
    let mean = 0;
    for (let i = 0; i < n; i++) {
      column[i] = covariance(point, points[i]!);
      mean += column[i]! * weights[i]!;
    }
    solveLower(factor, column);
    let variance = signal;
    for (let i = 0; i < n; i++) variance -= column[i]! * column[i]!;
    out[0] = mean;
    out[1] = Math.max(0, variance);
  };
  return {
    logMarginalLikelihood: logLikelihood,
    predict,
    believe: point => {
      const out = new Float64Array(2);
      predict(point, out);
      // `column` is now the new row of the factor.
      const size = n + 1;
      const lower = new Float64Array(size * size);
      for (let i = 0; i < n; i++) lower.set(factor.lower.subarray(i * n, i * n + i + 1), i * size);
      lower.set(column, n * size);
      lower[n * size + n] = Math.sqrt(out[1]! + scales.noise + factor.jitter);
      return posterior([...points, point], Float64Array.of(...values, out[0]!), scales, distance, { size, lower, jitter: factor.jitter });
    },
  };
};

/**
 * Regression by a Gaussian process of mean zero with Matérn's 5/2 covariance and one length a side (automatic relevance determination): exact, cubic
 * in the number of points. Source: Rasmussen & Williams (2006), algorithm 2.1.
 */
export const gaussianProcess = (
  points: readonly Float64Array[],
  values: Float64Array,
  scales: ProcessScales,
  distance: SideDistance,
): GaussianProcess => {
  const n = points.length;
  const { lengths, signal, noise } = scales;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let r2 = 0;
      for (let d = 0; d < lengths.length; d++) r2 += distance(points[i]!, points[j]!, d) / (lengths[d]! * lengths[d]!);
      matrix[i * n + j] = signal * matern52(Math.sqrt(r2));
    }
    matrix[i * n + i] = signal + noise;
  }
  return posterior(points, values, scales, distance, cholesky(matrix, n));
};
