import type { PanelFeature } from '../panel-feature.js';

/** Time left to the next settlement as a share of the funding interval: 1 just after one, 0 when one is due or late. NaN before the first. */
export const fundingClock = (): PanelFeature => ({
  key: 'funding-clock()',
  warmup: 1,
  outputs: ['value'],
  needs: ['funding'],
  create:
    () =>
    ({ bar, fundingTs, fundingInterval }, out, offset) => {
      const left = (fundingTs + fundingInterval - bar.ts) / fundingInterval;
      out[offset] = left < 0 ? 0 : left > 1 ? 1 : left;
    },
});
