import { solvePositiveDefinite } from '../../statistics/positive-definite.js';

/** A covariance as volatilities and correlations: strategies of any scale meet in the same units. */
export interface CorrelationUnits {
  readonly volatility: Float64Array;
  /** Row-major, positive definite. */
  readonly correlation: Float64Array;
}

/** What is added to the diagonal where copies, or hedges without rest, leave no single answer. */
const LIFT = 1e-8;

/** Splits a covariance whose variances are positive. Where it is not positive definite to working precision the diagonal is raised a little, so that copies share. */
export const correlationUnits = (covariance: Float64Array, size: number): CorrelationUnits => {
  const volatility = Float64Array.from({ length: size }, (_, i) => Math.sqrt(covariance[i * size + i]!));
  const correlation = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      correlation[i * size + j] = i === j ? 1 : Math.max(-1, Math.min(1, covariance[i * size + j]! / (volatility[i]! * volatility[j]!)));
  if (solvePositiveDefinite(correlation, new Float64Array(size)) === null)
    for (let i = 0; i < size; i++) correlation[i * size + i]! += LIFT;
  return { volatility, correlation };
};

/** Amounts in units of volatility as weights that sum to 1. */
export const weightsOfAmounts = (amounts: Float64Array, volatility: Float64Array): Float64Array => {
  const weights = amounts.map((amount, i) => amount / volatility[i]!);
  let total = 0;
  for (const weight of weights) total += weight;
  return weights.map(weight => weight / total);
};
