import type { PanelFeature } from '../panel-feature.js';
import { eightHourRate } from './new-settlement.js';

/** The last settled funding rate as a fraction per eight hours: above 0 longs pay. NaN before the first settlement. */
export const fundingRate = (): PanelFeature => ({
  key: 'funding-rate()',
  warmup: 1,
  outputs: ['value'],
  needs: ['funding'],
  create: () => (panel, out, offset) => {
    out[offset] = eightHourRate(panel);
  },
});
