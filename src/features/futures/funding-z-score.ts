import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import { eightHourRate, newSettlement } from './new-settlement.js';

/**
 * How many standard deviations (population) the last settled funding rate is from the mean of the last `settlements` of them, itself included; 0 when they were all equal, NaN
 * until there were so many. For bars no longer than the funding interval: a longer bar shows one settlement only.
 */
export const fundingZScore = (settlements = 21): PanelFeature => {
  const n = barCount('funding-z-score', 'settlements', settlements, 2);
  return {
    key: featureKey('funding-z-score', n),
    warmup: n,
    outputs: ['value'],
    needs: ['funding'],
    create: () => {
      const isNew = newSettlement();
      const moments = new Float64Array(2);
      const push = rollingMoments(n, moments);
      const value = new Float64Array([NaN]);
      return (panel, out, offset) => {
        if (isNew(panel)) {
          const rate = eightHourRate(panel);
          push(rate);
          if (Number.isFinite(rate)) value[0] = moments[1] === 0 ? 0 : (rate - moments[0]!) / Math.sqrt(moments[1]! / n);
        }
        out[offset] = value[0]!;
      };
    },
  };
};
