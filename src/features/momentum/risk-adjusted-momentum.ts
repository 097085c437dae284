import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Log return over `length` bars ÷ (volatility of one bar × √length), volatility around zero over the same bars: how many standard deviations the market went. Within
 * ±√length; 0 when nothing moved. As the scaled returns of T. Moskowitz, Y. Ooi & L. Pedersen, Time Series Momentum (2012).
 */
export const riskAdjustedMomentum = (length = 24): Feature<number> => {
  const n = barCount('risk-adjusted-momentum', 'length', length);
  return column(featureKey('risk-adjusted-momentum', n), n + 1, () => {
    const step = logStep();
    const moves = rollingSum(n);
    const squares = rollingSum(n);
    return (bar, out, offset) => {
      const r = step(bar.close);
      const move = moves(r);
      const square = squares(r * r);
      out[offset] = square === 0 ? 0 : move / Math.sqrt(square);
    };
  });
};
