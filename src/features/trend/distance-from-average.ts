import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** ln(close ÷ mean close of the last `length` bars) ÷ (volatility of one bar × √length), volatility around zero: how stretched the market is; 0 when nothing moved. */
export const distanceFromAverage = (length = 48): Feature<number> => {
  const n = barCount('distance-from-average', 'length', length);
  return column(featureKey('distance-from-average', n), n + 1, () => {
    const closes = rollingSum(n);
    const step = logStep();
    const squares = rollingSum(n);
    return (bar, out, offset) => {
      const r = step(bar.close);
      const average = closes(bar.close) / n;
      const square = squares(r * r);
      out[offset] = square === 0 ? 0 : Math.log(bar.close / average) / Math.sqrt(square);
    };
  });
};
