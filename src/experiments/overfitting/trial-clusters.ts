import { averageLinkage } from './average-linkage.js';
import type { Join } from './average-linkage.js';

/** Mean silhouette up to which clusters are no more than noise: Kaufman & Rousseeuw, Finding Groups in Data (1990), table 4. */
const NO_STRUCTURE = 0.25;
/** Above this correlation only rounding keeps two trials apart, and clusters of rounding errors are none. */
const COPY = 1 - 1e-12;
/** Distance at a correlation of one half. */
const HALF_ALIKE = 0.5;

/** Numbers clusters in the order of their first members. */
export const numberedByFirst = (group: Int32Array): Int32Array => {
  const numbers = new Map<number, number>();
  return group.map(g => {
    const number = numbers.get(g) ?? numbers.size;
    numbers.set(g, number);
    return number;
  });
};

/** The groups (named by their lowest item) after the first joins. */
const groupsAfter = (joins: readonly Join[], n: number): Int32Array => {
  const group = Int32Array.from({ length: n }, (_, i) => i);
  for (const { left, right } of joins) for (let i = 0; i < n; i++) if (group[i] === right) group[i] = left;
  return group;
};

/** How many of the joins to make: mean ÷ standard deviation of the silhouettes is highest there; null without structure. */
const bestCut = (joins: readonly Join[], distance: Float64Array, n: number): number | null => {
  const toGroup = Float64Array.from(distance);
  const size = new Int32Array(n).fill(1);
  const group = Int32Array.from({ length: n }, (_, i) => i);
  let active = Array.from({ length: n }, (_, i) => i);
  let best: number | null = null;
  let quality = -Infinity;
  for (let made = 1; made <= n - 2; made++) {
    const { left, right } = joins[made - 1]!;
    active = active.filter(g => g !== right);
    size[left]! += size[right]!;
    for (let i = 0; i < n; i++) {
      toGroup[i * n + left]! += toGroup[i * n + right]!;
      if (group[i] === right) group[i] = left;
    }
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const own = group[i]!;
      if (size[own] === 1) continue;
      let other = Infinity;
      for (const g of active) if (g !== own) other = Math.min(other, toGroup[i * n + g]! / size[g]!);
      const inside = toGroup[i * n + own]! / (size[own]! - 1);
      const larger = Math.max(inside, other);
      const silhouette = larger > 0 ? (other - inside) / larger : 0;
      sum += silhouette;
      squares += silhouette * silhouette;
    }
    const mean = sum / n;
    // Silhouettes are near 1 at most: no cancellation to fear but that of equal ones, which are perfect.
    const value = mean / Math.sqrt(Math.max(squares / n - mean * mean, Number.EPSILON));
    if (mean > NO_STRUCTURE && value > quality) {
      quality = value;
      best = made;
    }
  }
  return best;
};

/**
 * Which trials are variants of one idea: cluster number of each, numbered in the order of their first trials. Trials are as far apart as
 * √((1 − correlation) ÷ 2); the number of clusters, from 2 to one less than trials, is the one with the highest mean ÷ standard deviation of the
 * silhouettes (of equals the more clusters). Where no number gives a mean silhouette above 0.25, those count as one that are alike by a correlation
 * of one half: one idea gives one cluster and unrelated trials stay alone. `correlation` is n × n, row-major. Cost n³ ÷ 2.
 * Source: López de Prado & Lewis, Detection of False Investment Strategies Using Unsupervised Learning Methods, Quantitative Finance 19 (2019), with
 * average linkage in place of k-means from random starts, which makes the answer one and the same.
 */
export const trialClusters = (correlation: Float64Array, n: number): Int32Array => {
  const distance = correlation.map(rho => (rho > COPY ? 0 : Math.sqrt((1 - rho) / 2)));
  const joins = averageLinkage(distance, n);
  const cut = bestCut(joins, distance, n) ?? joins.filter(({ height }) => height <= HALF_ALIKE).length;
  return numberedByFirst(groupsAfter(joins.slice(0, cut), n));
};
