import { column, type Feature } from '../feature.js';

/** Balance of power, −1…1: the bar's body as a share of its range; 0 without any range. I. Livshin (2001). */
export const balanceOfPower = (): Feature<number> =>
  column('balance-of-power()', 1, () => (bar, out, offset) => {
    const body = bar.close - bar.open;
    const range = bar.high - bar.low;
    out[offset] = range === 0 && body === 0 ? 0 : Number.isFinite(body / range) ? body / range : NaN;
  });
