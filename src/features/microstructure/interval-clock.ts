/** Intervals as time passes: see `intervalClock`. */
export interface IntervalClock {
  /** Something happened at `ts`: the first call says which interval is the first. */
  at(ts: number): void;
  /** It is `now`, and everything before it is known. */
  settle(now: number): void;
}

/**
 * Intervals of `ms` milliseconds that start at whole multiples of it, their end not included, as bars are. Calls `close` once for each interval that has ended, those in which nothing happened too.
 */
export const intervalClock = (ms: number, close: () => void): IntervalClock => {
  const state = Float64Array.of(NaN);
  const settle = (now: number): void => {
    const interval = Math.floor(now / ms);
    while (state[0]! < interval) {
      close();
      state[0] = state[0]! + 1;
    }
  };
  return {
    at: ts => {
      if (Number.isNaN(state[0]!)) state[0] = Math.floor(ts / ms);
      settle(ts);
    },
    settle,
  };
};
