import { normalCdf, normalDensity } from '../../statistics/normal.js';

const HALF_LOG_2PI = 0.9189385332046728;

/**
 * Logarithm of the expected amount by which a normal variable exceeds `best`: of E max(0, X − best). Where that would underflow, far from anything good, the logarithm still
 * tells better from worse. −Infinity for no deviation and no gain. Sources: Jones, Schonlau & Welch, Journal of Global Optimization 13 (1998); for the far tail, by Mills' ratio,
 * Ament et al., Unexpected Improvements to Expected Improvement, NeurIPS 2023.
 */
export const logExpectedImprovement = (mean: number, deviation: number, best: number): number => {
  if (!(deviation > 0)) return mean > best ? Math.log(mean - best) : -Infinity;
  const z = (mean - best) / deviation;
  // φ(z) + z Φ(z); further out its two terms cancel to (1 − 3/z² + 15/z⁴ − 105/z⁶) φ(z) / z².
  if (z > -30) return Math.log(deviation) + Math.log(normalDensity(z) + z * normalCdf(z));
  const u = 1 / (z * z);
  return Math.log(deviation) - 0.5 * z * z - HALF_LOG_2PI + Math.log(u * (1 - u * (3 - u * (15 - 105 * u))));
};
