import type { Fold } from './fold.js';

/** The value n values ago; NaN until there is one. */
export const delay = (n: number): Fold => {
  const ring = new Float64Array(n).fill(NaN);
  let at = 0;
  return x => {
    if (!Number.isFinite(x)) return NaN;
    const past = ring[at]!;
    ring[at] = x;
    at = at + 1 === n ? 0 : at + 1;
    return past;
  };
};
