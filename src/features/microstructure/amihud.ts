import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { illiquidity } from './illiquidity.js';

/**
 * Amihud's illiquidity of the last `length` bars: by how many basis points the price moved per million of quote currency traded, the mean over bars that traded (`relative-illiquidity` compares it with
 * itself, and needs no unit). Y. Amihud (2002).
 */
export const amihud = (length = 24): Feature<number> => {
  const n = barCount('amihud', 'length', length);
  return column(featureKey('amihud', n), n + 1, () => {
    const step = logStep();
    const mean = illiquidity(n);
    return (bar, out, offset) => {
      const money = bar.close * bar.volume;
      out[offset] = NaN;
      if (!Number.isFinite(money)) return;
      const size = Math.abs(step(bar.close));
      if (Number.isFinite(size)) out[offset] = mean(size, money);
    };
  });
};
