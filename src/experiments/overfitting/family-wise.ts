import { pValueOrder } from './p-value-order.js';

/**
 * P-values to compare with α when not even one false discovery is wanted: each times the number of tests, at most 1. Holds however the tests
 * depend on each other; `holm` does too and gives never more. Source: Dunn, Multiple Comparisons Among Means, Journal of the American Statistical
 * Association 56 (1961).
 */
export const bonferroni = (pValues: readonly number[]): number[] => pValues.map(p => Math.min(1, p * pValues.length));

/**
 * As `bonferroni`, but the second smallest p-value has one rival fewer, and so on; never below a smaller p-value's. Throws a usage error for what
 * is no probability. Source: Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics 6 (1979).
 */
export const holm = (pValues: readonly number[]): number[] => {
  const adjusted = pValues.map(() => 1);
  let least = 0;
  pValueOrder(pValues).forEach((i, rank) => {
    least = Math.max(least, Math.min(1, pValues[i]! * (pValues.length - rank)));
    adjusted[i] = least;
  });
  return adjusted;
};
