import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import { premium } from './basis.js';

/** How many standard deviations (population) the basis is from its mean of the last `length` bars that had one, itself included; 0 when it did not vary. */
export const basisZScore = (length = 168): PanelFeature => {
  const n = barCount('basis-z-score', 'length', length, 2);
  return {
    key: featureKey('basis-z-score', n),
    warmup: n,
    outputs: ['value'],
    needs: ['mark', 'index'],
    create: () => {
      const moments = new Float64Array(2);
      const push = rollingMoments(n, moments);
      return (panel, out, offset) => {
        const now = premium(panel);
        push(now);
        out[offset] = moments[1] === 0 ? 0 : (now - moments[0]!) / Math.sqrt(moments[1]! / n);
      };
    },
  };
};
