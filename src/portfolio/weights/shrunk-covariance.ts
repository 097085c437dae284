import { centred, sampleCovariance } from './sample-covariance.js';

/** A covariance pulled towards a steadier one. */
export interface ShrunkCovariance {
  /** Row-major. */
  readonly matrix: Float64Array;
  /** Weight of the target, 0 to 1. */
  readonly intensity: number;
}

/**
 * Covariance of returns (one column a strategy, one row a period, all variances positive), shrunk towards one in which every pair has the mean
 * correlation: variances stay, extreme correlations, which are mostly errors of the sample, move to the mean. The intensity is the one that costs
 * least expected squared error, from the returns themselves. With one or two columns the target is the sample and the intensity 0.
 * Source: Ledoit & Wolf, Honey, I Shrunk the Sample Covariance Matrix, Journal of Portfolio Management 30 (2004), appendix B.
 */
export const shrunkCovariance = (columns: readonly Float64Array[]): ShrunkCovariance => {
  const size = columns.length;
  const sample = sampleCovariance(columns);
  if (size < 3) return { matrix: sample, intensity: 0 };
  const rows = columns[0]!.length;
  const deviations = centred(columns);
  const volatility = Float64Array.from({ length: size }, (_, i) => Math.sqrt(sample[i * size + i]!));

  let correlations = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) correlations += sample[i * size + j]! / (volatility[i]! * volatility[j]!);
  const typical = (2 * correlations) / (size * (size - 1));

  let errors = 0;
  let shared = 0;
  let distance = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const [x, y] = [deviations[i]!, deviations[j]!];
      const [sij, sii] = [sample[i * size + j]!, sample[i * size + i]!];
      let own = 0;
      let withVariance = 0;
      for (let t = 0; t < rows; t++) {
        const error = x[t]! * y[t]! - sij;
        own += error * error;
        withVariance += (x[t]! * x[t]! - sii) * error;
      }
      errors += own / rows;
      if (i === j) shared += own / rows;
      else {
        // Both halves of the paper's term come up, once as (i, j) and once as (j, i).
        shared += typical * (volatility[j]! / volatility[i]!) * (withVariance / rows);
        const gap = typical * volatility[i]! * volatility[j]! - sij;
        distance += gap * gap;
      }
    }
  const intensity = distance > 0 ? Math.max(0, Math.min(1, (errors - shared) / distance / rows)) : 0;
  const matrix = sample.map((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return i === j ? value : intensity * typical * volatility[i]! * volatility[j]! + (1 - intensity) * value;
  });
  return { matrix, intensity };
};
