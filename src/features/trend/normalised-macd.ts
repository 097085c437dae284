import { record, type Feature } from '../feature.js';
import { ascending, barCount, featureKey } from '../parameters.js';
import { emaFold } from '../windows/exponential-average.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** The line, and how far it is from its own average: in standard deviations of one bar's move. */
export type NormalisedMacd = Feature<{ readonly macd: number; readonly histogram: number }>;

/**
 * MACD ÷ (close × volatility of one bar over `slow` bars), and its distance from its EMA over `signal` bars; 0 when nothing moved. After the normalised crossovers of
 * J. Baz et al., Dissecting Investment Strategies in the Cross Section and Time Series (2015).
 */
export const normalisedMacd = (fast = 12, slow = 26, signal = 9): NormalisedMacd => {
  const name = 'normalised-macd';
  ascending(name, { fast: barCount(name, 'fast', fast), slow: barCount(name, 'slow', slow) });
  barCount(name, 'signal', signal);
  return record(featureKey(name, fast, slow, signal), slow + signal, ['macd', 'histogram'], () => {
    const quick = emaFold(fast, 'sma');
    const steady = emaFold(slow, 'sma');
    const smooth = emaFold(signal, 'sma');
    const step = logStep();
    const squares = rollingSum(slow);
    return (bar, out, offset) => {
      const { close } = bar;
      const r = step(close);
      const gap = quick(close) - steady(close);
      const unit = close * Math.sqrt(squares(r * r) / slow);
      const line = unit === 0 ? 0 : gap / unit;
      const average = smooth(line);
      out[offset] = Number.isFinite(average) ? line : NaN;
      out[offset + 1] = line - average;
    };
  });
};
