/** Two groups of items that were joined. */
export interface Join {
  /** Lowest item of each; `left` < `right`. */
  readonly left: number;
  readonly right: number;
  /** Mean distance over all pairs across the two. */
  readonly height: number;
}

/**
 * The n − 1 joins of average linkage, by height, of equal heights in the order found; every join follows those that made its groups. `distance` is
 * n × n, symmetric, row-major. Cost n² by following nearest neighbours until two are each other's. Source: Sokal & Michener (1958); Murtagh, A
 * Survey of Recent Advances in Hierarchical Clustering Algorithms, Computer Journal 26 (1983).
 */
export const averageLinkage = (distance: Float64Array, n: number): readonly Join[] => {
  const between = Float64Array.from(distance);
  const size = new Int32Array(n).fill(1);
  const heights = new Float64Array(n);
  const joins: Join[] = [];
  const chain: number[] = [];
  while (joins.length < n - 1) {
    if (chain.length === 0) chain.push(size.findIndex(count => count > 0));
    const top = chain.at(-1)!;
    const before = chain.at(-2) ?? -1;
    // The one before stays the nearest unless another is strictly nearer, or ties would go round for ever.
    let nearest = before;
    let least = before >= 0 ? between[top * n + before]! : Infinity;
    for (let k = 0; k < n; k++)
      if (k !== top && size[k]! > 0 && between[top * n + k]! < least) {
        nearest = k;
        least = between[top * n + k]!;
      }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const left = Math.min(top, before);
    const right = Math.max(top, before);
    // Rounding must not put a join below its parts.
    const height = Math.max(least, heights[left]!, heights[right]!);
    heights[left] = height;
    joins.push({ left, right, height });
    const count = size[left]! + size[right]!;
    for (let k = 0; k < n; k++) {
      const mean = (size[left]! * between[left * n + k]! + size[right]! * between[right * n + k]!) / count;
      between[left * n + k] = mean;
      between[k * n + left] = mean;
    }
    size[left] = count;
    size[right] = 0;
  }
  // A stable sort, so that equal ones keep their order.
  return joins.toSorted((a, b) => a.height - b.height);
};
