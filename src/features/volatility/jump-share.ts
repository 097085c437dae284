import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';

/**
 * Share of the variance of the last `length` returns that came in jumps, 0…1: 1 − bipower variation ÷ realised variance, not below 0, where bipower variation is
 * π/2 · Σ|r||r before| × n ÷ (n − 1). 0 when nothing moved. O. Barndorff-Nielsen & N. Shephard, Power and Bipower Variation (2004).
 */
export const jumpShare = (length = 48): Feature<number> => {
  const n = barCount('jump-share', 'length', length, 2);
  const scale = ((Math.PI / 2) * n) / (n - 1);
  return column(featureKey('jump-share', n), n + 1, () => {
    const step = logStep();
    const last = new Float64Array([NaN]);
    const squares = rollingSum(n);
    const products = rollingSum(n - 1);
    return (bar, out, offset) => {
      const r = step(bar.close);
      const size = Math.abs(r);
      const realised = squares(r * r);
      const bipower = scale * products(size * last[0]!);
      if (Number.isFinite(size)) last[0] = size;
      out[offset] = realised === 0 ? 0 : bipower > realised ? 0 : 1 - bipower / realised;
    };
  });
};
