import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** Σ ÷ √Σ of squares: how many standard deviations of a random walk; 0 when nothing moved. */
const standardised = (move: number, squares: number): number => (squares === 0 ? 0 : move / Math.sqrt(squares));

/**
 * Log return over the last `length` bars less the log change of open interest, each in standard deviations of its own random walk: above 0 the price rises on closed
 * positions (short covering), below 0 positions are opened that the price does not pay for. NaN without open interest.
 */
export const openInterestDivergence = (length = 24): PanelFeature => {
  const n = barCount('open-interest-divergence', 'length', length);
  return {
    key: featureKey('open-interest-divergence', n),
    warmup: n + 1,
    outputs: ['value'],
    needs: ['open-interest'],
    create: () => {
      const price = logStep();
      const interest = logStep();
      const moves = rollingSum(n);
      const squares = rollingSum(n);
      const interestMoves = rollingSum(n);
      const interestSquares = rollingSum(n);
      return ({ bar, openInterest }, out, offset) => {
        out[offset] = NaN;
        if (!(bar.close > 0 && openInterest > 0)) return;
        const r = price(bar.close);
        const o = interest(openInterest);
        out[offset] = standardised(moves(r), squares(r * r)) - standardised(interestMoves(o), interestSquares(o * o));
      };
    },
  };
};
