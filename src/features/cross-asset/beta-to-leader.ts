import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { PRODUCTS, rollingComoments, SQUARES_Y } from '../windows/rolling-comoments.js';
import { pairStep } from './pair-step.js';

/** Slope of the symbol's log returns on the leader's over the last `length` bars that both have: 1.5 moves half as much again. 1 for the leader; 0 when the leader did not move. */
export const betaToLeader = (length = 168): PanelFeature => {
  const n = barCount('beta-to-leader', 'length', length, 2);
  return {
    key: featureKey('beta-to-leader', n),
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
        out[offset] = figures[SQUARES_Y] === 0 ? 0 : figures[PRODUCTS]! / figures[SQUARES_Y]!;
      };
    },
  };
};
