import { column, type Feature } from '../feature.js';
import { ascending, barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** Volatility of the last `short` log returns ÷ that of the last `long`, both around zero: above 1 the market wakes up. At most √(long ÷ short); 1 when nothing moved. */
export const volatilityRatio = (short = 12, long = 96): Feature<number> => {
  const name = 'volatility-ratio';
  ascending(name, { short: barCount(name, 'short', short), long: barCount(name, 'long', long) });
  return column(featureKey(name, short, long), long + 1, () => {
    const step = logStep();
    const recent = rollingSum(short);
    const all = rollingSum(long);
    return (bar, out, offset) => {
      const r = step(bar.close);
      const now = recent(r * r) / short;
      const usual = all(r * r) / long;
      out[offset] = usual === 0 ? 1 : Math.sqrt(now / usual);
    };
  });
};
