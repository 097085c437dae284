import type { Bar } from '../../events/market.js';
import { column, type Feature } from '../feature.js';
import { hasRange } from '../source.js';

/** True range of each bar given to it; the first has only its own high − low. The bar must be complete. */
export const trueRangeFold = (): ((bar: Bar) => number) => {
  const previous = new Float64Array([NaN]);
  return bar => {
    const { high, low, close } = bar;
    const last = previous[0]!;
    previous[0] = close;
    return (last > high ? last : high) - (last < low ? last : low);
  };
};

/** True range in price: the bar's range stretched to the previous close. The first bar's is its high − low. J. W. Wilder (1978). */
export const trueRange = (): Feature<number> =>
  column('true-range()', 1, () => {
    const range = trueRangeFold();
    return (bar, out, offset) => {
      out[offset] = hasRange(bar) ? range(bar) : NaN;
    };
  });
