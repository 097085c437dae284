import { normalCdf, normalDensity } from '../../statistics/normal.js';

/** 1 ÷ √π. */
const INVERSE_ROOT_PI = 0.5641895835477563;

/**
 * Continuous ranked probability score of a normal forecast, in the unit of the value: σ[z(2Φ(z) − 1) + 2φ(z) − 1/√π], z = (y − μ) ÷ σ. 0 is best; |y − μ| for σ = 0.
 * Rewards a law that is both sharp and right about its own width. NaN where any part is missing or σ < 0. Strictly proper.
 * Source: T. Gneiting & A. E. Raftery, Journal of the American Statistical Association 102 (2007), eq. 21.
 */
export const crpsNormal = (mean: number, sd: number, value: number): number => {
  if (sd === 0) return Math.abs(value - mean);
  if (!(sd > 0)) return NaN;
  const z = (value - mean) / sd;
  return sd * (z * (2 * normalCdf(z) - 1) + 2 * normalDensity(z) - INVERSE_ROOT_PI);
};
