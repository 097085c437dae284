import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Volume × where each close lies in its bar's range (−1 the low, 1 the high), as a share of all volume of the last `length` bars, −1…1. A bar without any range counts as
 * its middle; 0 when none traded. M. Chaikin.
 */
export const chaikinMoneyFlow = (length = 20): Feature<number> => {
  const n = barCount('chaikin-money-flow', 'length', length);
  return column(featureKey('chaikin-money-flow', n), n, () => {
    const flow = rollingSum(n);
    const all = rollingSum(n);
    return (bar, out, offset) => {
      const { high, low, close, volume } = bar;
      const span = high - low;
      out[offset] = NaN;
      if (!Number.isFinite(span + close + volume)) return;
      const pressed = flow(span === 0 ? 0 : ((close - low - (high - close)) / span) * volume);
      const traded = all(volume);
      out[offset] = traded === 0 ? 0 : pressed / traded;
    };
  });
};
