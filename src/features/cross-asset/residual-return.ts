import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { PRODUCTS, rollingComoments, SQUARES_X, SQUARES_Y } from '../windows/rolling-comoments.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { pairStep } from './pair-step.js';

/**
 * What the symbol's last `horizon` log returns had in them that the leader's do not explain: Σ(return − beta × leader's return) ÷ (residual deviation of one bar × √horizon).
 * Beta and deviation are of the last `length` bars that both have; 0 where there is no residual, as for the leader. As the residual momentum of D. Blitz, J. Huij & M. Martens (2011).
 */
export const residualReturn = (horizon = 24, length = 168): PanelFeature => {
  const m = barCount('residual-return', 'horizon', horizon);
  const n = barCount('residual-return', 'length', length, Math.max(3, m));
  return {
    key: featureKey('residual-return', m, n),
    warmup: n + 1,
    outputs: ['value'],
    needs: ['universe'],
    create: () => {
      const pair = new Float64Array(2);
      const step = pairStep(pair);
      const figures = new Float64Array(5);
      const push = rollingComoments(n, figures);
      const own = rollingSum(m);
      const lead = rollingSum(m);
      return (panel, out, offset) => {
        step(panel);
        push(pair[0]!, pair[1]!);
        const ownMove = own(pair[0]!);
        const leadMove = lead(pair[1]!);
        const beta = figures[SQUARES_Y] === 0 ? 0 : figures[PRODUCTS]! / figures[SQUARES_Y]!;
        const squares = figures[SQUARES_X]! - beta * figures[PRODUCTS]!;
        // What is left of a perfect fit is rounding.
        if (squares <= 1e-12 * figures[SQUARES_X]!) out[offset] = 0;
        else out[offset] = (ownMove - beta * leadMove) / Math.sqrt((squares / n) * m);
      };
    },
  };
};
