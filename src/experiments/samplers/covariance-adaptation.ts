import { power } from '../../numeric/pow.js';
import type { Random } from '../../random.js';
import { symmetricEigen } from '../../statistics/symmetric-eigen.js';

/** Ratio of the longest to the shortest axis, squared, beyond which the arithmetic gives out. */
const WORST_CONDITION = 1e14;

/** How one generation teaches: weights of its members, best first, and the learning rates. */
export interface AdaptationRates {
  readonly weights: Float64Array;
  readonly parents: number;
  /** Variance-effective number of parents. */
  readonly effective: number;
  readonly sigmaPath: number;
  readonly damping: number;
  readonly path: number;
  readonly rankOne: number;
  readonly rankMu: number;
}

/** The default rates for `dimensions` and a generation of `size`. Source: N. Hansen, The CMA Evolution Strategy: A Tutorial (2016), table 1. */
export const adaptationRates = (dimensions: number, size: number): AdaptationRates => {
  const n = dimensions;
  const raw = Float64Array.from({ length: size }, (_, i) => Math.log((size + 1) / 2) - Math.log(i + 1));
  const parents = Math.floor(size / 2);
  const effectiveOf = (part: Float64Array): number => {
    let sum = 0;
    let squares = 0;
    for (const w of part) {
      sum += w;
      squares += w * w;
    }
    return (sum * sum) / squares;
  };
  const effective = effectiveOf(raw.subarray(0, parents));
  const rankOne = 2 / ((n + 1.3) * (n + 1.3) + effective);
  const rankMu = Math.min(1 - rankOne, (2 * (0.25 + effective + 1 / effective - 2)) / ((n + 2) * (n + 2) + effective));
  let positive = 0;
  let negative = 0;
  for (const w of raw) {
    if (w > 0) positive += w;
    else negative -= w;
  }
  const negativeTotal = Math.min(
    1 + rankOne / rankMu,
    1 + (2 * effectiveOf(raw.subarray(parents))) / (effective + 2),
    (1 - rankOne - rankMu) / (n * rankMu),
  );
  const sigmaPath = (effective + 2) / (n + effective + 5);
  return {
    weights: raw.map(w => (w > 0 ? w / positive : (negativeTotal * w) / negative)),
    parents,
    effective,
    sigmaPath,
    damping: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + sigmaPath,
    path: (4 + effective / n) / (n + 4 + (2 * effective) / n),
    rankOne,
    rankMu,
  };
};

/** A normal law that moves and reshapes itself towards what turned out well. */
export interface CovarianceAdaptation {
  /** One draw from the law as it is now. */
  draw(source: Random): Float64Array;
  /** Learns from a generation: its draws, the best first. `flat`: the best cannot be told from most others, so the law widens instead of wandering. */
  learn(ranked: readonly Float64Array[], flat: boolean): void;
  /** The largest standard deviation along any side. */
  spread(): number;
  /** Whether the law has become too narrow in some direction for its width in another. */
  exhausted(): boolean;
}

/**
 * The search distribution of the CMA evolution strategy with weighted recombination, cumulative step-size control and negative weights for the worse half.
 * Source: N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772 (2016), appendix A and B.3.
 */
export const covarianceAdaptation = (start: {
  readonly mean: Float64Array;
  readonly sigma: number;
  /** Members of a generation. */
  readonly size: number;
  /** The largest standard deviation along any side that makes sense. */
  readonly widest: number;
}): CovarianceAdaptation => {
  const n = start.mean.length;
  const rates = adaptationRates(n, start.size);
  const { weights, parents, effective } = rates;
  const weightSum = weights.reduce((sum, w) => sum + w, 0);
  const expected = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  const mean = Float64Array.from(start.mean);
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) covariance[i * n + i] = 1;
  const sigmaPath = new Float64Array(n);
  const path = new Float64Array(n);
  let sigma = start.sigma;
  let generation = 0;
  let { vectors, values } = symmetricEigen(covariance, n);
  let lengths = values.map(Math.sqrt);

  /** B D z of the eigendecomposition B D² Bᵀ: a draw of the covariance from a standard one. */
  const stretched = (z: Float64Array): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += vectors[i * n + k]! * lengths[k]! * z[k]!;
      return sum;
    });
  /** D⁻¹ Bᵀ y: the standard draw, in eigenvector coordinates. */
  const relaxed = (y: Float64Array): Float64Array =>
    Float64Array.from({ length: n }, (_, k) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += vectors[i * n + k]! * y[i]!;
      return sum / lengths[k]!;
    });
  const squareNorm = (x: Float64Array): number => x.reduce((sum, v) => sum + v * v, 0);

  const longest = (): number => {
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, covariance[i * n + i]!);
    return Math.sqrt(largest);
  };

  return {
    draw: source => {
      const y = stretched(Float64Array.from({ length: n }, () => source.normal()));
      return y.map((v, i) => mean[i]! + sigma * v);
    },
    learn: (ranked, flat) => {
      const steps = ranked.map(x => x.map((v, i) => (v - mean[i]!) / sigma));
      const step = new Float64Array(n);
      for (let m = 0; m < parents; m++) for (let i = 0; i < n; i++) step[i]! += weights[m]! * steps[m]![i]!;
      for (let i = 0; i < n; i++) mean[i]! += sigma * step[i]!;

      const white = relaxed(step);
      const keep = 1 - rates.sigmaPath;
      const gain = Math.sqrt(rates.sigmaPath * (2 - rates.sigmaPath) * effective);
      for (let i = 0; i < n; i++) {
        let rotated = 0;
        for (let k = 0; k < n; k++) rotated += vectors[i * n + k]! * white[k]!;
        sigmaPath[i] = keep * sigmaPath[i]! + gain * rotated;
      }
      generation++;
      const norm = Math.sqrt(squareNorm(sigmaPath));
      const steady = norm / Math.sqrt(1 - power(keep, 2 * generation)) < (1.4 + 2 / (n + 1)) * expected ? 1 : 0;
      const pathGain = steady * Math.sqrt(rates.path * (2 - rates.path) * effective);
      for (let i = 0; i < n; i++) path[i] = (1 - rates.path) * path[i]! + pathGain * step[i]!;

      // A worse member is taken at the length of an average one, so that a far miss cannot make the matrix indefinite.
      const factors = steps.map((y, m) => (weights[m]! >= 0 ? weights[m]! : (weights[m]! * n) / (squareNorm(relaxed(y)) + 1e-300)));
      const lost = (1 - steady) * rates.path * (2 - rates.path);
      const kept = 1 + rates.rankOne * lost - rates.rankOne - rates.rankMu * weightSum;
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let m = 0; m < steps.length; m++) sum += factors[m]! * steps[m]![i]! * steps[m]![j]!;
          const value = kept * covariance[i * n + j]! + rates.rankOne * path[i]! * path[j]! + rates.rankMu * sum;
          covariance[i * n + j] = value;
          covariance[j * n + i] = value;
        }
      sigma *= Math.exp(Math.min(1, (rates.sigmaPath / rates.damping) * (norm / expected - 1)));
      if (flat) sigma *= Math.exp(0.2 + rates.sigmaPath / rates.damping);
      ({ vectors, values } = symmetricEigen(covariance, n));
      lengths = values.map(v => Math.sqrt(Math.max(v, 1e-300)));
      sigma = Math.min(sigma, start.widest / longest());
    },
    spread: () => sigma * longest(),
    exhausted: () => {
      const least = values.reduce((a, b) => Math.min(a, b));
      return !(least > 0) || values.reduce((a, b) => Math.max(a, b)) > WORST_CONDITION * least;
    },
  };
};
