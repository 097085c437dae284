import type { Fold } from './fold.js';

/** Largest of the last n values. Blocks as in `rollingSum`: one comparison with the previous block's suffix maximum, O(1) amortised. */
export const rollingMaximum = (n: number): Fold => {
  const ring = new Float64Array(n);
  const head = new Float64Array([-Infinity]);
  let at = 0;
  let full = false;
  return x => {
    if (!Number.isFinite(x)) return NaN;
    ring[at++] = x;
    const best = Math.max(x, head[0]!);
    if (at < n) {
      head[0] = best;
      if (!full) return NaN;
      return Math.max(best, ring[at]!);
    }
    let tail = -Infinity;
    for (let j = n - 1; j >= 0; j--) {
      tail = Math.max(tail, ring[j]!);
      ring[j] = tail;
    }
    at = 0;
    head[0] = -Infinity;
    full = true;
    return best;
  };
};

/** Smallest of the last n values; see `rollingMaximum`. */
export const rollingMinimum = (n: number): Fold => {
  const maximum = rollingMaximum(n);
  return x => -maximum(-x);
};
