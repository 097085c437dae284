import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * How unsteady volatility is: standard deviation (population) of the last `length` volatilities ÷ their mean, each volatility that of `inner` log returns around zero.
 * 0 when nothing moved.
 */
export const volatilityOfVolatility = (inner = 12, length = 72): Feature<number> => {
  const name = 'volatility-of-volatility';
  const m = barCount(name, 'inner', inner);
  const n = barCount(name, 'length', length, 2);
  return column(featureKey(name, m, n), m + n, () => {
    const step = logStep();
    const squares = rollingSum(m);
    const moments = new Float64Array(2);
    const push = rollingMoments(n, moments);
    return (bar, out, offset) => {
      const r = step(bar.close);
      push(Math.sqrt(squares(r * r) / m));
      const mean = moments[0]!;
      out[offset] = mean === 0 ? 0 : Math.sqrt(moments[1]! / n) / mean;
    };
  });
};
