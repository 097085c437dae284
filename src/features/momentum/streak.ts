import { column, type Feature } from '../feature.js';

/** Closes in a row that rose (above 0) or fell (below 0); an unchanged close ends the run at 0. */
export const streak = (): Feature<number> =>
  column('streak()', 2, () => {
    /** Last close, and the run up to it. */
    const state = new Float64Array([NaN, 0]);
    return (bar, out, offset) => {
      const { close } = bar;
      const last = state[0]!;
      out[offset] = NaN;
      if (!Number.isFinite(close)) return;
      state[0] = close;
      if (!Number.isFinite(last)) return;
      const run = state[1]!;
      const next = close > last ? (run > 0 ? run + 1 : 1) : close < last ? (run < 0 ? run - 1 : -1) : 0;
      state[1] = next;
      out[offset] = next;
    };
  });
