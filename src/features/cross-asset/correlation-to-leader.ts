import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { correlationOf, rollingComoments } from '../windows/rolling-comoments.js';
import { pairStep } from './pair-step.js';

/** Correlation of the symbol's log returns with the leader's over the last `length` bars that both have, −1…1; 1 for the leader, 0 when either did not move. */
export const correlationToLeader = (length = 168): PanelFeature => {
  const n = barCount('correlation-to-leader', 'length', length, 2);
  return {
    key: featureKey('correlation-to-leader', n),
    warmup: n + 1,
    outputs: ['value'],
    needs: ['universe'],
    create: () => {
      const pair = new Float64Array(2);
      const step = pairStep(pair);
      const figures = new Float64Array(5);
      const push = rollingComoments(n, figures);
      return (panel, out, offset) => {
        step(panel);
        push(pair[0]!, pair[1]!);
        out[offset] = correlationOf(figures);
      };
    },
  };
};
