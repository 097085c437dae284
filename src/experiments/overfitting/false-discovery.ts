import { pValueOrder } from './p-value-order.js';

/** What is known of how the tests depend on each other. */
export interface FalseDiscoveryOptions {
  /**
   * `positive` (default): independent or moving together, as variants of one strategy do (Benjamini & Hochberg). `any`: nothing is known; all
   * p-values times 1 + 1/2 + … + 1/n more (Benjamini & Yekutieli).
   */
  readonly dependence?: 'positive' | 'any';
}

/**
 * Adjusted p-values that bound the false discovery rate: accept all at or below q, and on average at most the share q of those accepted is
 * worthless. Gentler than a family-wise error, for choosing a handful of strategies rather than the one. Same order as `pValues`; throws a usage
 * error for what is no probability.
 * Source: Benjamini & Hochberg, Controlling the False Discovery Rate, Journal of the Royal Statistical Society B 57 (1995); Benjamini & Yekutieli,
 * The Control of the False Discovery Rate in Multiple Testing under Dependency, Annals of Statistics 29 (2001).
 */
export const falseDiscovery = (pValues: readonly number[], { dependence = 'positive' }: FalseDiscoveryOptions = {}): number[] => {
  const n = pValues.length;
  let penalty = 1;
  if (dependence === 'any') for (let i = 2; i <= n; i++) penalty += 1 / i;
  const adjusted = pValues.map(() => 1);
  let most = 1;
  const order = pValueOrder(pValues);
  for (let rank = n; rank >= 1; rank--) {
    const i = order[rank - 1]!;
    most = Math.min(most, pValues[i]! * ((n * penalty) / rank));
    adjusted[i] = most;
  }
  return adjusted;
};
