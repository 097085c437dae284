import type { Bar } from '../../events/market.js';
import { column, type Feature } from '../feature.js';
import { cumulativeSum } from '../windows/cumulative-sum.js';

/** Volume × where the close lies in the bar's range, from −1 at the low to 1 at the high, accumulated; NaN for an incomplete bar. */
export const accumulation = (): ((bar: Bar) => number) => {
  const total = cumulativeSum();
  return ({ high, low, close, volume }) => {
    const span = high - low;
    if (span === 0 && Number.isFinite(close + volume)) return total(0);
    return total(((close - low - (high - close)) / span) * volume);
  };
};

/** Accumulation/distribution line in base units since the first bar. A bar without any range adds nothing. M. Chaikin. */
export const accumulationDistribution = (): Feature<number> =>
  column('accumulation-distribution()', 1, () => {
    const total = accumulation();
    return (bar, out, offset) => {
      out[offset] = total(bar);
    };
  });
