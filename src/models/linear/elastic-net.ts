import { OUTCOMES } from '../forecast.js';
import { curvatureBound } from './curvature-bound.js';
import { softmaxLoss, type LinearProblem } from './softmax-loss.js';

/** Strength of the penalty on the coefficients, per unit of mean log loss; intercepts go free. */
export interface Penalty {
  /** Times the sum of |coefficient|. */
  readonly l1: number;
  /** Times half the sum of squares. */
  readonly l2: number;
}

/** Where a descent stands: what comes next depends on this alone. Arrays are 3 × (`width` + 1), class by class, the intercept last; `fitElasticNet` moves them. */
export interface Descent {
  readonly coefficients: Float64Array;
  /** The coefficients one iteration ago. */
  readonly previous: Float64Array;
  /** Iterations done. */
  iterations: number;
  /** Nesterov's sequence: 1 at the start and after every restart. */
  momentum: number;
  /** Largest violation of the optimality conditions at the coefficients as last looked at; 0 at the optimum. */
  violation: number;
}

/** A descent from these coefficients. */
export const descentFrom = (coefficients: Float64Array): Descent => ({
  coefficients,
  previous: coefficients.slice(),
  iterations: 0,
  momentum: 1,
  violation: Number.MAX_VALUE,
});

/** Sweeps over the coordinates of one quadratic, at most. */
const SWEEPS = 1000;

/** Largest violation of the Karush–Kuhn–Tucker conditions of the elastic net, given the gradient of the loss. */
const violationAt = (width: number, beta: Float64Array, gradient: Float64Array, { l1, l2 }: Penalty): number => {
  let worst = 0;
  for (let k = 0; k < beta.length; k++) {
    const b = beta[k]!;
    const slope = gradient[k]!;
    if (k % (width + 1) === width) worst = Math.max(worst, Math.abs(slope));
    else if (b === 0) worst = Math.max(worst, Math.abs(slope) - l1);
    else worst = Math.max(worst, Math.abs(slope + l2 * b + (b > 0 ? l1 : -l1)));
  }
  return worst;
};

/**
 * Moves one class's coefficients (from `at`) towards the minimum of its penalised quadratic by cyclic coordinate descent; `slope` is the gradient of
 * the quadratic there, kept up to date.
 */
const descendQuadratic = (
  bound: Float64Array,
  stride: number,
  beta: Float64Array,
  at: number,
  slope: Float64Array,
  { l1, l2 }: Penalty,
  tolerance: number,
): void => {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (let j = 0; j < stride; j++) {
      const curve = bound[j * stride + j]!;
      if (!(curve > 0)) continue;
      const old = beta[at + j]!;
      const pull = curve * old - slope[j]!;
      const free = j === stride - 1;
      const shrunk = free ? pull : pull > l1 ? pull - l1 : pull < -l1 ? pull + l1 : 0;
      const step = shrunk / (free ? curve : curve + l2) - old;
      if (step === 0) continue;
      beta[at + j] = old + step;
      for (let k = 0; k < stride; k++) slope[k]! += bound[j * stride + k]! * step;
      moved = Math.max(moved, Math.abs(step) * curve);
    }
    if (moved < tolerance) return;
  }
};

/**
 * Shifts the three coefficients of each feature by what makes their penalty least: the probabilities do not see it, and left alone it would come to rest last.
 * The shift lies between their mean and their median (Friedman, Hastie & Tibshirani 2010, section 4.1). Intercepts, which have no penalty, are made to add up to 0.
 */
const settleShift = (width: number, beta: Float64Array, { l1, l2 }: Penalty): void => {
  for (let j = 0; j <= width; j++) {
    const [a, b, c] = [j, width + 1 + j, 2 * (width + 1) + j];
    const [x, y, z] = [beta[a]!, beta[b]!, beta[c]!];
    const mean = (x + y + z) / OUTCOMES;
    const median = Math.max(Math.min(x, y), Math.min(Math.max(x, y), z));
    const free = j === width || l1 === 0;
    const reach = l2 > 0 ? l1 / (OUTCOMES * l2) : Infinity;
    const shift = free ? mean : mean + reach < median ? mean + reach : mean - reach > median ? mean - reach : median;
    beta[a] = x - shift;
    beta[b] = y - shift;
    beta[c] = z - shift;
  }
};

/**
 * Minimises mean log loss + l1 |β| + l2/2 β²: each iteration takes the penalised minimum of the quadratic that bounds the loss (Böhning 1992), found by
 * coordinate descent as in glmnet (Friedman, Hastie & Tibshirani, Regularization paths for generalized linear models, Journal of Statistical Software 33, 2010), at a
 * point ahead of the coefficients (Beck & Teboulle, FISTA, 2009), with the momentum dropped when it points uphill (O'Donoghue & Candès 2015). Ends when the
 * optimality conditions hold to `tolerance` or after `maxIterations` in all.
 */
export const fitElasticNet = (
  problem: LinearProblem,
  descent: Descent,
  penalty: Penalty,
  limits: { readonly tolerance: number; readonly maxIterations: number; readonly beforeEach: (done: number) => void },
): void => {
  const stride = problem.width + 1;
  const { coefficients, previous } = descent;
  const bound = curvatureBound(problem);
  const gradient = new Float64Array(coefficients.length);
  const ahead = new Float64Array(coefficients.length);
  const next = new Float64Array(coefficients.length);
  const violationOf = (beta: Float64Array): number => {
    softmaxLoss(problem, beta, gradient);
    return violationAt(problem.width, beta, gradient, penalty);
  };
  while (descent.iterations < limits.maxIterations) {
    limits.beforeEach(descent.iterations);
    const { momentum } = descent;
    const following = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const inertia = (momentum - 1) / following;
    for (let k = 0; k < ahead.length; k++) ahead[k] = coefficients[k]! + inertia * (coefficients[k]! - previous[k]!);
    const violation = violationOf(ahead);
    if (violation <= limits.tolerance && violationOf(coefficients) <= limits.tolerance) break;
    if (violation <= limits.tolerance) violationOf(ahead);
    next.set(ahead);
    for (let c = 0; c < OUTCOMES; c++)
      descendQuadratic(bound, stride, next, c * stride, gradient.subarray(c * stride, (c + 1) * stride), penalty, violation / 100);
    settleShift(problem.width, next, penalty);
    let uphill = 0;
    for (let k = 0; k < next.length; k++) uphill += (ahead[k]! - next[k]!) * (next[k]! - coefficients[k]!);
    descent.momentum = uphill > 0 ? 1 : following;
    previous.set(coefficients);
    coefficients.set(next);
    descent.iterations++;
  }
  descent.violation = violationOf(coefficients);
};
