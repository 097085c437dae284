/** Which extreme of a bar is assumed to come first; see docs/matching-rules.md §1. */
export type PathModel = 'pessimistic' | 'high-first' | 'low-first' | 'nearest-first' | 'adaptive';

/** What the choice may depend on: the position and the working orders when the bar opens. */
export interface PathState {
  readonly position: number;
  readonly buys: number;
  readonly sells: number;
}

/**
 * True when the low comes before the high. Prices in ticks.
 *
 * `adaptive` takes the shorter of the two ways through the bar: by the low first it is 2 (close − open) shorter than by the high first, so a bar that rises visits its low first, one that falls its
 * high. That looks at the bar's own close, which is no look ahead: the path is what happened, and nobody is told of it before the bar is over.
 */
export const lowFirst = (model: PathModel, open: number, high: number, low: number, close: number, state: PathState): boolean => {
  switch (model) {
    case 'low-first':
      return true;
    case 'high-first':
      return false;
    case 'nearest-first':
      return open - low <= high - open;
    case 'adaptive':
      return close === open ? open - low <= high - open : close > open;
    case 'pessimistic':
      if (state.position > 0) return true;
      if (state.position < 0) return false;
      if (state.buys > 0 && state.sells === 0) return false;
      if (state.sells > 0 && state.buys === 0) return true;
      return open - low <= high - open;
  }
};
