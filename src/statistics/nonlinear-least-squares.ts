import { quantileOfSorted } from './quantile.js';
import { invertPositiveDefinite, solvePositiveDefinite } from './positive-definite.js';

/** A curve to be fitted. */
export interface LeastSquaresProblem {
  readonly rows: number;
  /** Residual of one row, observed less fitted, under `parameters`; writes the derivative of the FITTED value by each parameter into `gradient`. */
  readonly residual: (row: number, parameters: Float64Array, gradient: Float64Array) => number;
  /** Where the search begins. */
  readonly start: readonly number[];
  /** Bounds of each parameter; none when left out. */
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
  /** Residuals beyond this many standard deviations count linearly instead of squared (Huber 1964): 1.345 keeps 95 % of the efficiency under normal noise. Plain squares when left out. */
  readonly huber?: number;
  /** The size beyond which they do, where it is known; found from their median size otherwise. */
  readonly cut?: number;
  /** The search ends when a step could gain no larger part of the loss than this; 1e-14 when left out. */
  readonly tolerance?: number;
  /** `classical`: one variance for all residuals. `sandwich`: each row has its own (White 1980), scaled by n ÷ (n − p). */
  readonly errors: 'classical' | 'sandwich';
}

/** A fitted curve. */
export interface LeastSquaresFit {
  readonly parameters: Float64Array;
  /** Covariance of the estimates, row-major; NaN in the rows of parameters that ended on a bound, all NaN where the data do not tell the parameters apart. */
  readonly covariance: Float64Array;
  /** Standard deviation of the residuals: √(RSS ÷ (n − p)), or 1.4826 × their median size with `huber` or `cut`. */
  readonly scale: number;
  /** Whether the last step changed nothing that matters. */
  readonly converged: boolean;
  readonly iterations: number;
}

/** Ratio of standard deviation to median absolute value of a normal variable. */
const MAD = 1.482602218505602;
const STEPS = 200;
/** Rounds in which the residuals' size and the parameters settle on each other. */
const ROUNDS = 30;

const clamp = (value: number, low: number, high: number): number => (value < low ? low : value > high ? high : value);

/**
 * Nonlinear least squares by Levenberg's and Marquardt's damped steps, robust against outliers on request: Huber's loss with the residuals'
 * median size as its scale, in turns until both settle. Parameters stay within their bounds: one on a bound whose gradient points outwards rests
 * there for that step. No chance is involved. Sources: Marquardt, SIAM Journal 11 (1963); Huber & Ronchetti, Robust Statistics (2009), §7.8;
 * White, Econometrica 48 (1980). Throws a RangeError for fewer rows than parameters.
 */
export const nonlinearLeastSquares = ({
  rows,
  residual,
  start,
  lower,
  upper,
  huber = Infinity,
  cut: given = Infinity,
  tolerance = 1e-14,
  errors,
}: LeastSquaresProblem): LeastSquaresFit => {
  const p = start.length;
  if (rows < p) throw new RangeError(`${rows} rows do not determine ${p} parameters`);
  const low = (j: number): number => lower?.[j] ?? -Infinity;
  const high = (j: number): number => upper?.[j] ?? Infinity;
  let parameters = Float64Array.from(start, (value, j) => clamp(value, low(j), high(j)));
  const gradient = new Float64Array(p);
  const residuals = new Float64Array(rows);
  let cut = given;

  const loss = (at: Float64Array): number => {
    let total = 0;
    for (let i = 0; i < rows; i++) {
      const r = Math.abs(residual(i, at, gradient));
      residuals[i] = r;
      total += r <= cut ? 0.5 * r * r : cut * (r - 0.5 * cut);
    }
    return Number.isFinite(total) ? total : Infinity;
  };
  const medianSize = (at: Float64Array): number => {
    loss(at);
    return MAD * quantileOfSorted(Float64Array.from(residuals).sort(), 0.5);
  };

  const normal = new Float64Array(p * p);
  const slope = new Float64Array(p);
  const damped = new Float64Array(p * p);
  let iterations = 0;

  /** Damped steps from `parameters` until none helps. Says whether it ended at a minimum. */
  const descend = (): boolean => {
    let damping = 1e-3;
    let current = loss(parameters);
    for (let step = 0; step < STEPS; step++) {
      iterations++;
      normal.fill(0);
      slope.fill(0);
      for (let i = 0; i < rows; i++) {
        const r = residual(i, parameters, gradient);
        const weight = Math.abs(r) <= cut ? 1 : cut / Math.abs(r);
        for (let j = 0; j < p; j++) {
          const wj = weight * gradient[j]!;
          slope[j]! += wj * r;
          for (let k = 0; k <= j; k++) normal[j * p + k]! += wj * gradient[k]!;
        }
      }
      for (let j = 0; j < p; j++) for (let k = 0; k < j; k++) normal[k * p + j] = normal[j * p + k]!;
      const rests = (j: number): boolean =>
        normal[j * p + j] === 0 || (parameters[j]! <= low(j) && slope[j]! <= 0) || (parameters[j]! >= high(j) && slope[j]! >= 0);
      const free = Array.from({ length: p }, (_, j) => j).filter(j => !rests(j));
      if (free.length === 0) return true;
      let better = false;
      for (; damping < 1e12; damping *= 10) {
        damped.set(normal);
        const rhs = Float64Array.from(slope);
        for (let j = 0; j < p; j++) {
          damped[j * p + j]! *= 1 + damping;
          if (free.includes(j)) continue;
          for (let k = 0; k < p; k++) damped[j * p + k] = damped[k * p + j] = 0;
          damped[j * p + j] = 1;
          rhs[j] = 0;
        }
        const move = solvePositiveDefinite(damped, rhs);
        if (move === null) continue;
        // Half of this is what the step could gain at best.
        if (move.reduce((total, value, j) => total + value * rhs[j]!, 0) < tolerance * current) return true;
        const next = Float64Array.from(parameters, (value, j) => clamp(value + move[j]!, low(j), high(j)));
        const nextLoss = loss(next);
        if (!(nextLoss < current)) continue;
        const small = (current - nextLoss) / current;
        const still = parameters.every((value, j) => Math.abs(next[j]! - value) <= 1e-10 * Math.abs(value));
        parameters = next;
        current = nextLoss;
        damping = Math.max(1e-12, damping / 10);
        better = true;
        if (small < 0.1 * tolerance || still) return true;
        break;
      }
      if (!better) return true;
    }
    return false;
  };

  let converged = descend();
  if (huber < Infinity && given === Infinity)
    for (let round = 0; round < ROUNDS; round++) {
      const before = parameters;
      // A perfect fit has no size to measure outliers by.
      const size = medianSize(parameters);
      if (!(size > 0)) break;
      cut = huber * size;
      converged = descend();
      if (parameters.every((value, j) => Math.abs(value - before[j]!) <= 1e-9 * Math.abs(value))) break;
    }

  let squares = 0;
  normal.fill(0);
  const meat = new Float64Array(p * p);
  for (let i = 0; i < rows; i++) {
    const r = residual(i, parameters, gradient);
    squares += r * r;
    const inside = Math.abs(r) <= cut;
    const psi = inside ? r : cut * Math.sign(r);
    for (let j = 0; j < p; j++)
      for (let k = 0; k < p; k++) {
        const product = gradient[j]! * gradient[k]!;
        // The derivative of Huber's loss is flat beyond the cut.
        if (inside) normal[j * p + k]! += product;
        meat[j * p + k]! += psi * psi * product;
      }
  }
  const scale = cut < Infinity ? medianSize(parameters) : Math.sqrt(squares / (rows - p));
  const inner = Array.from({ length: p }, (_, j) => j).filter(j => parameters[j]! > low(j) && parameters[j]! < high(j));
  const q = inner.length;
  const pick = (matrix: Float64Array): Float64Array =>
    Float64Array.from({ length: q * q }, (_, at) => matrix[inner[Math.floor(at / q)]! * p + inner[at % q]!]!);
  const inverse = q === 0 ? null : invertPositiveDefinite(pick(normal), q);
  const covariance = new Float64Array(p * p).fill(NaN);
  if (inverse !== null) {
    const m = pick(meat);
    for (let a = 0; a < q; a++)
      for (let b = 0; b < q; b++) {
        let value = 0;
        if (errors === 'classical') value = inverse[a * q + b]! * scale * scale;
        else {
          for (let k = 0; k < q; k++) for (let l = 0; l < q; l++) value += inverse[a * q + k]! * m[k * q + l]! * inverse[l * q + b]!;
          value *= rows / (rows - p);
        }
        covariance[inner[a]! * p + inner[b]!] = value;
      }
  }
  return { parameters, covariance, scale, converged, iterations };
};
