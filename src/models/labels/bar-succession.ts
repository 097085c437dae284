import type { Bar } from '../../events/market.js';

/**
 * Tells whether a bar goes on where the last one ended, with prices above 0. False for the first bar, after a hole in time, and for a bar without prices: what happened
 * in it is not known.
 */
export const barSuccession = (): ((bar: Bar) => boolean) => {
  const last = new Float64Array([NaN]);
  return ({ openTime, ts, open, high, low, close }) => {
    const goesOn = openTime === last[0];
    const priced = Math.min(open, high, low, close) > 0 && Math.max(open, high, low, close) < Infinity;
    last[0] = ts;
    return goesOn && priced;
  };
};
