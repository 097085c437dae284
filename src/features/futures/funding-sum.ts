import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { newSettlement } from './new-settlement.js';

/**
 * Sum of the last `settlements` settled funding rates, a fraction of the notional: what holding a long cost over them. NaN until there were so many. For bars no longer than
 * the funding interval: a longer bar shows one settlement only.
 */
export const fundingSum = (settlements = 9): PanelFeature => {
  const n = barCount('funding-sum', 'settlements', settlements);
  return {
    key: featureKey('funding-sum', n),
    warmup: n,
    outputs: ['value'],
    needs: ['funding'],
    create: () => {
      const isNew = newSettlement();
      const sum = rollingSum(n);
      const value = new Float64Array([NaN]);
      return (panel, out, offset) => {
        if (isNew(panel) && Number.isFinite(panel.funding)) value[0] = sum(panel.funding);
        out[offset] = value[0]!;
      };
    },
  };
};
