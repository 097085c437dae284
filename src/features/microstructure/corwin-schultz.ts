import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** 3 − 2√2. */
const SCALE = 0.1715728752538099;

const square = (x: number): number => x * x;

/**
 * Spread from highs and lows, in basis points, the mean over the last `length` pairs of bars: the range of two bars together holds the variance twice but the spread once. With β the sum of the two
 * squared log ranges and γ that of both bars as one, α = (√(2β) − √β) ÷ (3 − 2√2) − √(γ ÷ (3 − 2√2)), spread = 2 (e^α − 1) ÷ (1 + e^α), 0 when negative. No adjustment for gaps between bars: these
 * markets do not close. S. Corwin & P. Schultz, Journal of Finance 67 (2012).
 */
export const corwinSchultz = (length = 24): Feature<number> => {
  const n = barCount('corwin-schultz', 'length', length);
  return column(featureKey('corwin-schultz', n), n + 1, () => {
    const last = new Float64Array(2).fill(NaN);
    const sum = rollingSum(n);
    return ({ high, low }, out, offset) => {
      out[offset] = NaN;
      if (!(low > 0 && high >= low && high < Infinity)) return;
      const [lastHigh, lastLow] = [last[0]!, last[1]!];
      last[0] = high;
      last[1] = low;
      if (lastHigh !== lastHigh) return;
      const beta = square(Math.log(lastHigh / lastLow)) + square(Math.log(high / low));
      const gamma = square(Math.log(Math.max(high, lastHigh) / Math.min(low, lastLow)));
      const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / SCALE - Math.sqrt(gamma / SCALE);
      const grown = Math.exp(alpha);
      out[offset] = (1e4 * sum(alpha > 0 ? (2 * (grown - 1)) / (1 + grown) : 0)) / n;
    };
  });
};
