import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingRank } from '../windows/rolling-rank.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Place of the volatility of the last `inner` log returns (around zero) among the last `length` such volatilities, 0…1: 0.95 is a storm by the market's own measure.
 * 0.5 when all are equal.
 */
export const volatilityQuantile = (inner = 24, length = 500): Feature<number> => {
  const name = 'volatility-quantile';
  const m = barCount(name, 'inner', inner);
  const n = barCount(name, 'length', length, 2);
  return column(featureKey(name, m, n), m + n, () => {
    const step = logStep();
    const squares = rollingSum(m);
    const rank = rollingRank(n);
    return (bar, out, offset) => {
      const r = step(bar.close);
      out[offset] = rank(squares(r * r));
    };
  });
};
