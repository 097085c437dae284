import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';

/** Log change of open interest over the last `length` bars that had one: above 0 positions are opened. */
export const openInterestChange = (length = 24): PanelFeature => {
  const n = barCount('open-interest-change', 'length', length);
  return {
    key: featureKey('open-interest-change', n),
    warmup: n + 1,
    outputs: ['value'],
    needs: ['open-interest'],
    create: () => {
      const past = delay(n);
      return ({ openInterest }, out, offset) => {
        out[offset] = openInterest > 0 ? Math.log(openInterest / past(openInterest)) : NaN;
      };
    },
  };
};
