import { variance } from '../../statistics/moments.js';

/**
 * One return series per cluster of trials: its members weighted by the inverse of their variances, those that never traded left out. The Sharpe
 * ratios of these series are what a deflated Sharpe ratio over clusters needs for its variance: `trialsOf(clusterReturns(…).map(r =>
 * observedSharpe(r).sharpe))`.
 * Source: López de Prado & Lewis, Detection of False Investment Strategies Using Unsupervised Learning Methods, Quantitative Finance 19 (2019).
 */
export const clusterReturns = (columns: readonly Float64Array[], cluster: Int32Array): Float64Array[] => {
  const clusters = cluster.reduce((most, c) => Math.max(most, c + 1), 0);
  const rows = columns[0]?.length ?? 0;
  const sums = Array.from({ length: clusters }, () => new Float64Array(rows));
  const weights = new Float64Array(clusters);
  columns.forEach((column, k) => {
    const c = cluster[k]!;
    const spread = variance(column);
    if (!(spread > 0)) return;
    weights[c]! += 1 / spread;
    for (let t = 0; t < rows; t++) sums[c]![t]! += column[t]! / spread;
  });
  return sums.map((sum, c) => (weights[c]! > 0 ? sum.map(value => value / weights[c]!) : sum));
};
