import type { Fold } from './fold.js';

/**
 * How many values ago the largest of the last n was seen (0 = the newest; of equal ones the latest), NaN until n values were seen.
 * Monotonic deque: values that a later and no smaller one has passed are dropped, so each enters and leaves once.
 */
export const barsSinceMaximum = (n: number): Fold => {
  const values = new Float64Array(n);
  const positions = new Float64Array(n);
  let first = 0;
  let size = 0;
  let seen = 0;
  return x => {
    if (!Number.isFinite(x)) return NaN;
    if (size > 0 && positions[first]! <= seen - n) {
      first = first + 1 === n ? 0 : first + 1;
      size--;
    }
    while (size > 0 && values[(first + size - 1) % n]! <= x) size--;
    const last = (first + size) % n;
    values[last] = x;
    positions[last] = seen++;
    size++;
    return seen < n ? NaN : seen - 1 - positions[first]!;
  };
};
