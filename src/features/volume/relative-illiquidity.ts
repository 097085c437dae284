import { column, type Feature } from '../feature.js';
import { ascending, barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * ln of the illiquidity of the last `short` bars over that of the last `long`: above 0 the market moves more per unit of money traded than usual. Illiquidity is
 * Σ|log return| ÷ Σ(close × volume), the ratio of sums, which a bar without trade does not break; 0 where either cannot be measured. After Y. Amihud (2002).
 */
export const relativeIlliquidity = (short = 24, long = 168): Feature<number> => {
  const name = 'relative-illiquidity';
  ascending(name, { short: barCount(name, 'short', short), long: barCount(name, 'long', long) });
  return column(featureKey(name, short, long), long + 1, () => {
    const step = logStep();
    const moveShort = rollingSum(short);
    const moveLong = rollingSum(long);
    const moneyShort = rollingSum(short);
    const moneyLong = rollingSum(long);
    return (bar, out, offset) => {
      const money = bar.close * bar.volume;
      out[offset] = NaN;
      if (!Number.isFinite(money)) return;
      const size = Math.abs(step(bar.close));
      if (!Number.isFinite(size)) return;
      const recent = moveShort(size) * moneyLong(money);
      const usual = moveLong(size) * moneyShort(money);
      const both = recent + usual;
      out[offset] = recent > 0 && usual > 0 ? Math.log(recent / usual) : both - both;
    };
  });
};
