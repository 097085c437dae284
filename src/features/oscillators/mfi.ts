import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read } from '../source.js';
import { delay } from '../windows/delay.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Money flow index, 0…100: typical price × volume on bars whose typical price rose, as a share of that on all that moved, over `length`
 * steps; 50 when no money moved. G. Quong & A. Soudack, Stocks & Commodities 7:3 (1989).
 */
export const mfi = (length = 14): Feature<number> => {
  const n = barCount('mfi', 'length', length);
  return column(featureKey('mfi', n), n + 1, () => {
    const last = delay(1);
    const inflow = rollingSum(n);
    const outflow = rollingSum(n);
    return (bar, out, offset) => {
      const typical = read(bar, 'hlc3');
      const flow = typical * bar.volume;
      if (!Number.isFinite(flow)) {
        out[offset] = NaN;
        return;
      }
      const before = last(typical);
      if (!Number.isFinite(before)) {
        out[offset] = NaN;
        return;
      }
      const up = inflow(typical > before ? flow : 0);
      const down = outflow(typical < before ? flow : 0);
      out[offset] = up + down === 0 ? 50 : (100 * up) / (up + down);
    };
  });
};
