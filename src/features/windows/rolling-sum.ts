import type { Fold } from './fold.js';

/**
 * Sum of the last n values. Nothing is ever subtracted, so nothing drifts and a huge value leaves without a trace: the window is the
 * tail of the previous block of n (suffix sums, made once a block) and the head of the current one (a running sum).
 * O(1) amortised; rounding is that of adding n numbers, however many bars went before.
 */
export const rollingSum = (n: number): Fold => {
  // Below `at` the current block's values, from `at` on the previous block's suffix sums.
  const ring = new Float64Array(n);
  const head = new Float64Array(1);
  let at = 0;
  let full = false;
  return x => {
    if (!Number.isFinite(x)) return NaN;
    ring[at++] = x;
    const sum = head[0]! + x;
    if (at < n) {
      head[0] = sum;
      return full ? sum + ring[at]! : NaN;
    }
    let tail = 0;
    for (let j = n - 1; j >= 0; j--) {
      tail += ring[j]!;
      ring[j] = tail;
    }
    at = 0;
    head[0] = 0;
    full = true;
    return sum;
  };
};
