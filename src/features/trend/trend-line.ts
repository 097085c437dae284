import { record, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingLine } from '../windows/rolling-line.js';
import { rollingMoments } from '../windows/rolling-moments.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** Slope in standard deviations of a random walk, and the share of the variance that the line explains, 0…1. */
export type TrendLine = Feature<{ readonly slope: number; readonly r2: number }>;

/**
 * Least-squares line through the logarithms of the last `length` closes. `slope` is the line's rise over the window ÷ (volatility of one bar × √(length − 1)), volatility
 * around zero; `r2` is near 1 on a straight path. Both are 0 when nothing moved.
 */
export const trendLine = (length = 24): TrendLine => {
  const n = barCount('trend-line', 'length', length, 3);
  const spread = (n * (n * n - 1)) / 12;
  return record(featureKey('trend-line', n), n, ['slope', 'r2'], () => {
    const line = new Float64Array(2);
    const moments = new Float64Array(2);
    const fit = rollingLine(n, line);
    const push = rollingMoments(n, moments);
    const step = logStep();
    const squares = rollingSum(n - 1);
    return (bar, out, offset) => {
      const y = Math.log(bar.close);
      const r = step(bar.close);
      fit(y);
      push(y);
      const square = squares(r * r);
      const slope = line[1]!;
      const total = moments[1]!;
      out[offset] = square === 0 ? 0 : (slope * (n - 1)) / Math.sqrt(square);
      const explained = (slope * slope * spread) / total;
      out[offset + 1] = total === 0 ? 0 : explained > 1 ? 1 : explained;
    };
  });
};
