import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { pairStep } from './pair-step.js';

/** Log return of the symbol less that of the leader over the last `length` bars that both have: above 0 it leads the leader; 0 for the leader itself. */
export const relativeStrength = (length = 24): PanelFeature => {
  const n = barCount('relative-strength', 'length', length);
  return {
    key: featureKey('relative-strength', n),
    warmup: n + 1,
    outputs: ['value'],
    needs: ['universe'],
    create: () => {
      const pair = new Float64Array(2);
      const step = pairStep(pair);
      const sum = rollingSum(n);
      return (panel, out, offset) => {
        step(panel);
        out[offset] = sum(pair[0]! - pair[1]!);
      };
    },
  };
};
