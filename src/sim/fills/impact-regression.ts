import { volumeShare } from '../../costs/volume-share.js';
import { quantileOfSorted } from '../../statistics/quantile.js';
import { nonlinearLeastSquares, type LeastSquaresFit } from '../../statistics/nonlinear-least-squares.js';
import type { FillObservation } from './fill-observation.js';

/** Observed fills by column, as the regression reads them. */
export interface ImpactSample {
  readonly rows: number;
  /** What each paid against its arrival price, as a fraction of it. */
  readonly cost: Float64Array;
  readonly sigma: Float64Array;
  /** Logarithm of quantity ÷ volume, at most 0. */
  readonly logShare: Float64Array;
  /** What its residual is divided by. */
  readonly noise: Float64Array;
  /** Half of its spread as a fraction, or null where spreads were not observed. */
  readonly halfSpread: Float64Array | null;
}

/** σ is not trusted to be smaller than this part of its median: a still interval does not make its fill exact. */
const NOISE_FLOOR = 0.25;

/** Columns of observations. Prices move between arrival and fill in proportion to σ, so residuals are weighed by it, as Almgren et al. (2005) do. */
export const impactSample = (observations: readonly FillObservation[]): ImpactSample => {
  const sigma = Float64Array.from(observations, o => o.sigma);
  const floor = NOISE_FLOOR * quantileOfSorted(Float64Array.from(sigma).sort(), 0.5);
  return {
    rows: observations.length,
    cost: Float64Array.from(observations, ({ side, price, arrival }) => (side * (price - arrival)) / arrival),
    sigma,
    logShare: Float64Array.from(observations, ({ quantity, volume }) => Math.log(volumeShare(quantity, volume))),
    noise: Float64Array.from(sigma, s => Math.max(s, floor) || 1),
    halfSpread: observations.every(({ spread }) => spread !== undefined)
      ? Float64Array.from(observations, ({ spread = 0, arrival }) => spread / (2 * arrival))
      : null,
  };
};

/** The first rows of a sample, up to `end`, or the rest of them. */
export const sampleBetween = (sample: ImpactSample, begin: number, end: number): ImpactSample => ({
  rows: end - begin,
  cost: sample.cost.subarray(begin, end),
  sigma: sample.sigma.subarray(begin, end),
  logShare: sample.logShare.subarray(begin, end),
  noise: sample.noise.subarray(begin, end),
  halfSpread: sample.halfSpread?.subarray(begin, end) ?? null,
});

/** Half the spread as a fraction, coefficient and exponent. */
export type ImpactEstimate = readonly [half: number, coefficient: number, exponent: number];

/** Largest values that a run's configuration takes, and the least exponent that is told from a constant. */
export const LOWER: ImpactEstimate = [0, 0, 0.05];
export const UPPER: ImpactEstimate = [0.05, 100, 2];
const START: ImpactEstimate = [1e-4, 0.5, 0.5];

/** Beyond this many standard deviations a fill counts as an outlier. */
export const HUBER = 1.345;

/**
 * Regression of cost on half spread + coefficient × σ × share^exponent by robust nonlinear least squares; with observed spreads only of what is beyond
 * them. `order` picks rows, one each time it names them; `from` begins elsewhere than the usual start, with outliers beyond `cut` known.
 */
export const regressImpact = (
  { rows, cost, sigma, logShare, noise, halfSpread }: ImpactSample,
  known: { readonly order: Float64Array; readonly from: ImpactEstimate; readonly cut: number } | null = null,
): LeastSquaresFit => {
  const first = halfSpread === null ? 0 : 1;
  return nonlinearLeastSquares({
    rows: known?.order.length ?? rows,
    start: (known?.from ?? START).slice(first),
    lower: LOWER.slice(first),
    upper: UPPER.slice(first),
    errors: 'sandwich',
    // A resample's own scatter is far wider than what a finer search would find.
    ...(known === null ? { huber: HUBER } : { cut: known.cut, tolerance: 1e-9 }),
    residual: (row, parameters, gradient) => {
      const i = known === null ? row : known.order[row]!;
      const c = parameters[1 - first]!;
      const over = 1 / noise[i]!;
      const law = sigma[i]! * Math.exp(parameters[2 - first]! * logShare[i]!) * over;
      if (halfSpread === null) gradient[0] = over;
      gradient[1 - first] = law;
      gradient[2 - first] = c * law * logShare[i]!;
      return (cost[i]! - (halfSpread === null ? parameters[0]! : halfSpread[i]!)) * over - c * law;
    },
  });
};

/** Mean of the spreads' halves over the rows that `order` names, all when it is null; NaN where spreads were not observed. */
export const meanHalfSpread = ({ halfSpread, rows }: ImpactSample, order: Float64Array | null = null): number => {
  if (halfSpread === null) return NaN;
  let total = 0;
  for (let row = 0; row < rows; row++) total += halfSpread[order === null ? row : order[row]!]!;
  return total / rows;
};

/** The three parameters of a regression: the spread from it, or the mean of those observed. */
export const estimateOf = ({ parameters }: LeastSquaresFit, half: number): ImpactEstimate =>
  parameters.length === 3 ? [parameters[0]!, parameters[1]!, parameters[2]!] : [half, parameters[0]!, parameters[1]!];
