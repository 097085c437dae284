import { column, type Feature } from '../feature.js';
import { ascending, barCount, featureKey } from '../parameters.js';
import { emaFold } from '../windows/exponential-average.js';

/** ln(EMA(fast) ÷ EMA(slow)) of the close: above 0 in a rising market, comparable between prices of any size. */
export const emaRatio = (fast = 12, slow = 48): Feature<number> => {
  const name = 'ema-ratio';
  ascending(name, { fast: barCount(name, 'fast', fast), slow: barCount(name, 'slow', slow) });
  return column(featureKey(name, fast, slow), slow, () => {
    const quick = emaFold(fast, 'sma');
    const steady = emaFold(slow, 'sma');
    return (bar, out, offset) => {
      out[offset] = Math.log(quick(bar.close) / steady(bar.close));
    };
  });
};
