import { excessKurtosis, mean, skewness, standardDeviation } from '../../statistics/moments.js';
import { normalCdf } from '../../statistics/normal.js';

/** A Sharpe ratio as it was observed, all per observation (never annualised). */
export interface ObservedSharpe {
  readonly sharpe: number;
  /** Number of returns. */
  readonly observations: number;
  /** Population skewness of the returns. */
  readonly skewness: number;
  /** Population kurtosis of the returns, NOT excess: 3 for a normal law. */
  readonly kurtosis: number;
}

/** The Sharpe ratio per observation of simple returns with the moments that its sampling error depends on. All NaN for returns that do not vary. */
export const observedSharpe = (returns: Float64Array): ObservedSharpe => ({
  sharpe: mean(returns) / standardDeviation(returns),
  observations: returns.length,
  skewness: skewness(returns),
  kurtosis: excessKurtosis(returns) + 3,
});

/** T − 1 times the variance of the estimate of a Sharpe ratio: 1 − skew·SR + (kurtosis − 1)/4·SR². */
export const sharpeVariance = ({ sharpe, skewness: skew, kurtosis }: ObservedSharpe): number =>
  1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;

/**
 * Probability that the true Sharpe ratio is above `benchmark` (per observation), given the length of the track record and the shape of its
 * returns. NaN for fewer than two observations or moments that no law can have.
 * Source: Bailey & López de Prado, The Sharpe Ratio Efficient Frontier, Journal of Risk 15 (2012), eq. 9.
 */
export const probabilisticSharpe = (observed: ObservedSharpe, benchmark = 0): number => {
  const variance = sharpeVariance(observed);
  if (!(observed.observations >= 2 && variance > 0)) return NaN;
  return normalCdf(((observed.sharpe - benchmark) * Math.sqrt(observed.observations - 1)) / Math.sqrt(variance));
};
