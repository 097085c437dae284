import type { Fold } from './fold.js';

/** Sum of everything so far, with Neumaier's compensation: as exact after ten million bars as after ten. */
export const cumulativeSum = (): Fold => {
  const state = new Float64Array(2);
  return x => {
    if (!Number.isFinite(x)) return NaN;
    const sum = state[0]!;
    const next = sum + x;
    state[1]! += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    state[0] = next;
    return next + state[1]!;
  };
};
