import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import { optimalBlockLength } from '../../statistics/block-length.js';
import { percentileInterval, resampleBlocks, stationaryBootstrap } from '../../statistics/bootstrap.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import { checkObservations, type FillObservation } from './fill-observation.js';
import {
  estimateOf,
  HUBER,
  impactSample,
  LOWER,
  meanHalfSpread,
  regressImpact,
  sampleBetween,
  UPPER,
  type ImpactEstimate,
  type ImpactSample,
} from './impact-regression.js';

/** How to fit. */
export interface FillFitOptions {
  /** Name of the source in errors. */
  readonly source: string;
  readonly seed: number | string;
  /** Resamples of the intervals; 200 when left out. */
  readonly samples?: number;
  /** Probability mass of the intervals; 0.95 when left out. */
  readonly level?: number;
}

/** One parameter with its uncertainty. */
export interface FittedParameter {
  readonly value: number;
  /** Standard error, each row with its own variance (White 1980); null for a parameter that ended on its bound. */
  readonly error: number | null;
  /** Interval of the stationary block bootstrap. */
  readonly low: number;
  readonly high: number;
}

/** Errors on the last fills, which the earlier ones were fitted without. In basis points of the arrival price. */
export interface HeldOutError {
  readonly n: number;
  /** Time of the first of them. */
  readonly from: number;
  /** Root mean square error of the model, of the mean cost of the earlier fills, and of no cost at all. */
  readonly rmseBps: number;
  readonly fixedBpsRmse: number;
  readonly noneRmse: number;
  /** Mean cost of the earlier fills. */
  readonly fixedBps: number;
  /** 1 − the model's squared error ÷ that of fixed basis points, with its interval: above zero where size and volatility tell something. */
  readonly skill: { readonly value: number; readonly low: number; readonly high: number };
  /** Parameters of the earlier fills alone. */
  readonly fitted: { readonly spreadBps: number; readonly coefficient: number; readonly exponent: number };
}

/** A fill model with what is known of its quality. */
export interface FillFit {
  readonly n: number;
  /** Times of the first and the last fill, epoch ms. */
  readonly range: { readonly from: number; readonly to: number };
  /** Whether the spread was observed at each fill or had to be fitted as a constant. */
  readonly spread: 'observed' | 'fitted';
  readonly parameters: { readonly spreadBps: FittedParameter; readonly coefficient: FittedParameter; readonly exponent: FittedParameter };
  /** Correlation of the estimates of coefficient and exponent; null when one ended on its bound. */
  readonly correlation: number | null;
  /** Largest observed order as a share of its interval's volume. The law was not seen beyond it. */
  readonly largestShare: number;
  readonly heldOut: HeldOutError;
  readonly warnings: readonly string[];
}

/** Fewer say nothing about three parameters and a held-out part. */
const FEWEST = 50;
const HELD_OUT = 0.3;

const predicted = ({ sigma, logShare }: ImpactSample, i: number, [half, coefficient, exponent]: ImpactEstimate): number =>
  half + coefficient * sigma[i]! * Math.exp(exponent * logShare[i]!);

const estimate = (sample: ImpactSample): ImpactEstimate => estimateOf(regressImpact(sample), meanHalfSpread(sample));

const inBps = ([half, coefficient, exponent]: ImpactEstimate) => ({ spreadBps: half * 20_000, coefficient, exponent });

/** Indices 0 … n − 1, which resampling draws from. */
const indices = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);

const heldOutError = (
  observations: readonly FillObservation[],
  sample: ImpactSample,
  { seed, samples = 200, level = 0.95 }: FillFitOptions,
): HeldOutError => {
  const begin = Math.floor(sample.rows * (1 - HELD_OUT));
  const earlier = sampleBetween(sample, 0, begin);
  const later = sampleBetween(sample, begin, sample.rows);
  const fitted = estimate(earlier);
  const fixed = Math.max(0, mean(earlier.cost));
  const squares = (predict: (i: number) => number): Float64Array =>
    Float64Array.from(later.cost, (cost, i) => (cost - predict(i)) * (cost - predict(i)));
  const model = squares(i => predicted(later, i, fitted));
  const constant = squares(() => fixed);
  const rmse = (errors: Float64Array): number => 10_000 * Math.sqrt(mean(errors));
  const gain = Float64Array.from(constant, (value, i) => value - model[i]!);
  const skill = stationaryBootstrap(
    indices(later.rows),
    order => {
      let [a, b] = [0, 0];
      for (const i of order) [a, b] = [a + model[i]!, b + constant[i]!];
      return b > 0 ? 1 - a / b : NaN;
    },
    { seed, samples, level, meanBlock: optimalBlockLength(gain) },
  );
  return {
    n: later.rows,
    from: observations[begin]!.ts,
    rmseBps: rmse(model),
    fixedBpsRmse: rmse(constant),
    noneRmse: rmse(squares(() => 0)),
    fixedBps: 10_000 * fixed,
    skill: { value: skill.estimate, low: skill.low, high: skill.high },
    fitted: inBps(fitted),
  };
};

const warningsOf = (
  [, coefficient, exponent]: ImpactEstimate,
  converged: boolean,
  { rmseBps, fixedBpsRmse, skill }: HeldOutError,
): string[] => {
  const warnings: string[] = [];
  if (!(rmseBps < fixedBpsRmse))
    warnings.push('It does not beat fixed basis points on the fills that were held out: use fixed-bps instead.');
  else if (!(skill.low > 0)) warnings.push('Its gain over fixed basis points on the fills that were held out could be chance.');
  if (coefficient === 0) warnings.push('No impact is seen in these fills: the coefficient is zero and the exponent means nothing.');
  else if (exponent <= LOWER[2] || exponent >= UPPER[2])
    warnings.push('The exponent ended on its bound: sizes vary too little, or the law does not hold here.');
  if (!converged) warnings.push('The search did not settle: take the parameters with care.');
  return warnings;
};

/**
 * Fits spread, coefficient and exponent of `fittedImpact` to what takers paid against their arrival price, by robust least squares. The parameters come from
 * all fills; the held-out error is that of the same fit to the first 70 % on the last 30 %, against a constant in basis points and against no
 * model. Order in time decides that split; fills of one instant stay in the order given. Throws bad data for a fill that could not have
 * happened and a usage error for too few.
 */
export const fitFillModel = (observations: readonly FillObservation[], options: FillFitOptions): FillFit => {
  const { source, seed, samples = 200, level = 0.95 } = options;
  checkObservations(observations, source);
  if (observations.length < FEWEST)
    throw usageError('too-few-fills', `${source} holds ${observations.length} fills; a fit needs ${FEWEST}.`, 'Collect more fills.');
  const sorted = [...observations].sort((a, b) => a.ts - b.ts);
  const sample = impactSample(sorted);
  const n = sample.rows;
  const fit = regressImpact(sample);
  const values = estimateOf(fit, meanHalfSpread(sample));
  const p = fit.parameters.length;
  /** Covariance of two of the three parameters, by their place among them. */
  const covariance = (a: number, b: number): number => fit.covariance[(a - 3 + p) * p + (b - 3 + p)]!;
  const errors = [
    sample.halfSpread === null ? Math.sqrt(covariance(0, 0)) : standardDeviation(sample.halfSpread) / Math.sqrt(n),
    Math.sqrt(covariance(1, 1)),
    Math.sqrt(covariance(2, 2)),
  ];

  const residuals = Float64Array.from(sample.cost, (cost, i) => (cost - predicted(sample, i, values)) / sample.noise[i]!);
  const meanBlock = optimalBlockLength(residuals);
  const draw = random(seed).fork('fill-model');
  const all = indices(n);
  const order = new Float64Array(n);
  const drawn = [0, 1, 2].map(() => new Float64Array(samples));
  const cut = HUBER * fit.scale;
  for (let s = 0; s < samples; s++) {
    resampleBlocks(all, meanBlock, draw, order);
    const again = regressImpact(sample, { order, from: values, cut: cut > 0 ? cut : Infinity });
    estimateOf(again, meanHalfSpread(sample, order)).forEach((value, k) => (drawn[k]![s] = value));
  }
  const parameter = (k: 0 | 1 | 2, unit: number): FittedParameter => {
    const { low, high } = percentileInterval(drawn[k]!, level);
    const error = errors[k]!;
    return { value: values[k] * unit, error: Number.isFinite(error) ? error * unit : null, low: low * unit, high: high * unit };
  };
  const heldOut = heldOutError(sorted, sample, options);
  const correlation = covariance(1, 2) / (errors[1]! * errors[2]!);
  return {
    n,
    range: { from: sorted[0]!.ts, to: sorted[n - 1]!.ts },
    spread: sample.halfSpread === null ? 'fitted' : 'observed',
    parameters: { spreadBps: parameter(0, 20_000), coefficient: parameter(1, 1), exponent: parameter(2, 1) },
    correlation: Number.isFinite(correlation) ? correlation : null,
    largestShare: Math.exp(sample.logShare.reduce((a, b) => Math.max(a, b), -Infinity)),
    heldOut,
    warnings: warningsOf(values, fit.converged, heldOut),
  };
};
