import type { Fold } from './fold.js';

/** First place of the first `size` ascending values that is not below `x`. */
const lowerBound = (sorted: Float64Array, size: number, x: number): number => {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Share of the last n values (the newest among them) that are below the newest, equal ones counted half: 0 to 1, the middle when all are equal. The window is kept
 * sorted; a step moves what lies between the value that leaves and the one that comes, O(log n) comparisons.
 */
export const rollingRank = (n: number): Fold => {
  const ring = new Float64Array(n);
  const sorted = new Float64Array(n);
  let at = 0;
  let size = 0;
  return x => {
    if (!Number.isFinite(x)) return NaN;
    let below = lowerBound(sorted, size, x);
    if (size < n) {
      const to = below;
      sorted.copyWithin(to + 1, to, size);
      sorted[to] = x;
      size++;
    } else {
      const gone = lowerBound(sorted, n, ring[at]!);
      const to = below;
      if (to > gone) {
        sorted.copyWithin(gone, gone + 1, to);
        sorted[to - 1] = x;
        below = to - 1;
      } else {
        sorted.copyWithin(to + 1, to, gone);
        sorted[to] = x;
      }
    }
    ring[at] = x;
    at = at + 1 === n ? 0 : at + 1;
    if (size < n) return NaN;
    let last = below;
    while (last + 1 < n && sorted[last + 1] === x) last++;
    return n === 1 ? 0.5 : (below + last) / 2 / (n - 1);
  };
};
