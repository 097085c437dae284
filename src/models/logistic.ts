import { usageError } from '../errors.js';
import { momentsAt, numberAt, numbersAt, requireCheckpoint } from './checkpoint-body.js';
import { classMoments, mixtureForecast } from './class-moments.js';
import { OUTCOMES } from './forecast.js';
import type { Checkpoint, Forecaster } from './forecaster.js';
import { requireLearnable } from './learnable-rows.js';
import { descentFrom, fitElasticNet } from './linear/elastic-net.js';
import type { LinearProblem } from './linear/softmax-loss.js';
import type { TrainingRows } from './training-rows.js';

/** How to fit. Penalties are per unit of mean log loss, on features of standard deviation about 1. */
export interface LogisticOptions {
  /** Times the sum of |coefficient|: sets the weakest to zero; 0.001 when left out. */
  readonly l1?: number;
  /** Times half the sum of squares: shares weight among features that say the same; 0.01 when left out. */
  readonly l2?: number;
  /** 200 when left out. */
  readonly maxIterations?: number;
  /** How far from its optimality conditions the fit may end; 1e-6 when left out. */
  readonly tolerance?: number;
}

const KIND = 'logistic';
const VERSION = 1;

const problemOf = ({ count, width, x, label, weight }: TrainingRows): LinearProblem => {
  const total = weight.reduce((sum, w) => sum + w, 0);
  return {
    count,
    width,
    label,
    x: x.map(v => (Number.isNaN(v) ? 0 : v)),
    share: weight.map(w => w / total),
  };
};

const coefficientsOf = ({ body, width }: Checkpoint): Float64Array => numbersAt(body, 'coefficients', OUTCOMES * (width + 1));

/** As a list for JSON, from which a negative zero would come back as a positive one. */
const positiveZeros = (values: Float64Array): number[] => Array.from(values, b => b + 0);

/**
 * Multinomial logistic regression with an elastic-net penalty: the log-odds of the classes are linear in the features. One set of coefficients a class (symmetric, as
 * glmnet has it), free intercepts. A missing feature counts as 0, which is the mean after scaling. Mean and standard deviation of the return come from the moments of
 * the three classes. Steps, for `stopAfter`, are iterations; a warm start begins from the earlier coefficients. `importance` is the mean over rows and classes of
 * |coefficient × (feature − its mean)|, the SHAP value of a linear model (Lundberg & Lee 2017). Throws a usage error for options out of range, for fewer than
 * 30 rows and for one class only.
 * Source: Zou & Hastie (2005) for the penalty; Friedman, Hastie & Tibshirani (2010) for the model.
 */
export const logisticRegression = ({ l1 = 0.001, l2 = 0.01, maxIterations = 200, tolerance = 1e-6 }: LogisticOptions = {}): Forecaster => {
  if (!(l1 >= 0 && l2 >= 0 && Number.isFinite(l1 + l2)))
    throw usageError('bad-logistic', `Penalties of ${l1} and ${l2} are not both 0 or more.`, 'Use l1 0.001 and l2 0.01.');
  if (!(Number.isInteger(maxIterations) && maxIterations > 0))
    throw usageError('bad-logistic', `${maxIterations} is not a number of iterations.`, 'Use 200.');
  if (!(tolerance > 0)) throw usageError('bad-logistic', `A tolerance of ${tolerance} is never reached.`, 'Use 1e-6.');
  return {
    kind: KIND,
    options: { l1, l2, maxIterations, tolerance },
    lookback: 1,
    fit: (rows, _seed, { resume, warmStart, stopAfter = maxIterations, onProgress, signal } = {}) => {
      requireLearnable(KIND, rows.label.subarray(0, rows.count));
      const { width } = rows;
      const start = resume ?? warmStart;
      if (start) requireCheckpoint(start, KIND, VERSION, width);
      const descent = descentFrom(start ? coefficientsOf(start) : new Float64Array(OUTCOMES * (width + 1)));
      if (resume) {
        descent.previous.set(numbersAt(resume.body, 'previous', OUTCOMES * (width + 1)));
        descent.iterations = numberAt(resume.body, 'iterations');
        descent.momentum = numberAt(resume.body, 'momentum');
      }
      fitElasticNet(
        problemOf(rows),
        descent,
        { l1, l2 },
        {
          tolerance,
          maxIterations: Math.min(stopAfter, maxIterations),
          beforeEach: done => {
            signal?.throwIfAborted();
            onProgress?.(done, maxIterations);
          },
        },
      );
      onProgress?.(descent.iterations, maxIterations);
      const { coefficients, previous, iterations, momentum, violation } = descent;
      return {
        kind: KIND,
        version: VERSION,
        width,
        body: {
          coefficients: positiveZeros(coefficients),
          previous: positiveZeros(previous),
          iterations,
          momentum,
          violation,
          moments: { ...classMoments(rows) },
        },
      };
    },
    predictor: checkpoint => {
      requireCheckpoint(checkpoint, KIND, VERSION);
      const { width } = checkpoint;
      const stride = width + 1;
      const beta = coefficientsOf(checkpoint);
      const moments = momentsAt(checkpoint.body, 'moments');
      return (x, offset, scale, out) => {
        let z0 = beta[width]!;
        let z1 = beta[stride + width]!;
        let z2 = beta[2 * stride + width]!;
        for (let j = 0; j < width; j++) {
          const v = x[offset + j]!;
          if (Number.isNaN(v)) continue;
          z0 += v * beta[j]!;
          z1 += v * beta[stride + j]!;
          z2 += v * beta[2 * stride + j]!;
        }
        const top = Math.max(z0, z1, z2);
        const e0 = Math.exp(z0 - top);
        const e1 = Math.exp(z1 - top);
        const e2 = Math.exp(z2 - top);
        const total = e0 + e1 + e2;
        mixtureForecast(e0 / total, e1 / total, e2 / total, moments, scale, out);
      };
    },
    importance: (checkpoint, { count, width, x }) => {
      requireCheckpoint(checkpoint, KIND, VERSION, width);
      const beta = coefficientsOf(checkpoint);
      const valueAt = (i: number, j: number): number => {
        const v = x[i * width + j]!;
        return Number.isNaN(v) ? 0 : v;
      };
      return Float64Array.from({ length: width }, (_, j) => {
        let mean = 0;
        for (let i = 0; i < count; i++) mean += valueAt(i, j) / count;
        let away = 0;
        for (let i = 0; i < count; i++) away += Math.abs(valueAt(i, j) - mean) / count;
        let slope = 0;
        for (let c = 0; c < OUTCOMES; c++) slope += Math.abs(beta[c * (width + 1) + j]!) / OUTCOMES;
        return away * slope;
      });
    },
  };
};
