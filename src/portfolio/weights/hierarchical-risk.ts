/** A branch of the tree: its items in order, and when it was made. */
interface Branch {
  readonly items: readonly number[];
  readonly made: number;
}

/**
 * Items so that alike ones stand together: the tree of single linkage, read from left to right. Of two branches the one made earlier stands first;
 * of two single items the calmer one, then the lower.
 */
const quasiDiagonalOrder = (distance: Float64Array, size: number, variance: (i: number) => number): readonly number[] => {
  const branch: Branch[] = Array.from({ length: size }, (_, i) => ({ items: [i], made: 0 }));
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) pairs.push([i, j]);
  pairs.sort(([a, b], [c, d]) => distance[a * size + b]! - distance[c * size + d]! || a - c || b - d);
  let made = 0;
  for (const [i, j] of pairs) {
    const [a, b] = [branch[i]!, branch[j]!];
    if (a === b) continue;
    const before = a.made - b.made || (a.made === 0 ? variance(i) - variance(j) : 0) || a.items[0]! - b.items[0]!;
    const joined: Branch = { items: before < 0 ? [...a.items, ...b.items] : [...b.items, ...a.items], made: ++made };
    for (const item of joined.items) branch[item] = joined;
  }
  return branch[0]!.items;
};

/** √((1 − ρ) ÷ 2) of each pair, then how far two items are apart in their distances to all. */
const distances = (covariance: Float64Array, size: number): Float64Array => {
  const near = covariance.map((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    const scale = Math.sqrt(covariance[i * size + i]! * covariance[j * size + j]!);
    return i === j ? 0 : Math.sqrt(Math.max(0, (1 - value / scale) / 2));
  });
  return near.map((_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let squares = 0;
    for (let k = 0; k < size; k++) {
      const gap = near[k * size + i]! - near[k * size + j]!;
      squares += gap * gap;
    }
    return Math.sqrt(squares);
  });
};

/** Variance of a group that is weighted by inverse variance within. */
const groupVariance = (covariance: Float64Array, size: number, group: readonly number[]): number => {
  let total = 0;
  for (const i of group) total += 1 / covariance[i * size + i]!;
  let variance = 0;
  for (const i of group)
    for (const j of group) variance += covariance[i * size + j]! / (covariance[i * size + i]! * covariance[j * size + j]!);
  // Rounding may leave a perfect hedge below nothing.
  return Math.max(0, variance) / (total * total);
};

/**
 * Hierarchical risk parity: strategies are put in an order in which alike ones are neighbours, and the capital is halved down that order, each half
 * getting it by the inverse of its variance. Needs no inverse of the matrix, so that copies and few days do no harm. Positive, sum 1.
 * `covariance` is row-major with positive variances.
 * Source: López de Prado, Building Diversified Portfolios That Outperform Out of Sample, Journal of Portfolio Management 42 (2016): single linkage
 * over distances of distances, quasi-diagonal order, recursive bisection. Of two single items joined the paper puts the lower index first, here
 * the calmer one is, so that the weights do not depend on the order in which runs are named.
 */
export const hierarchicalRiskWeights = (covariance: Float64Array, size: number): Float64Array => {
  const weights = new Float64Array(size).fill(1);
  const divide = (items: readonly number[]): void => {
    if (items.length < 2) return;
    const half = items.length >> 1;
    const [left, right] = [items.slice(0, half), items.slice(half)];
    const [a, b] = [groupVariance(covariance, size, left), groupVariance(covariance, size, right)];
    // A group hedged to nothing would get all; two of them share.
    const share = a + b > 0 ? b / (a + b) : 0.5;
    for (const i of left) weights[i]! *= share;
    for (const i of right) weights[i]! *= 1 - share;
    divide(left);
    divide(right);
  };
  divide(quasiDiagonalOrder(distances(covariance, size), size, i => covariance[i * size + i]!));
  return weights;
};
