import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';
import type { Fold } from '../windows/fold.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** Lags of the scaling law. */
const LAGS = [1, 2, 4, 8, 16] as const;
const LN_LAGS = LAGS.map(lag => Math.log(lag));
const MIDDLE = LN_LAGS.reduce((a, b) => a + b, 0) / LAGS.length;
const SPREAD = LN_LAGS.reduce((a, b) => a + (b - MIDDLE) * (b - MIDDLE), 0);

/**
 * Hurst exponent of the last `length` bars by the scaling of mean squared moves over 1, 2, 4, 8 and 16 bars: half the slope of their logarithms on the logarithm of the
 * lag. 0.5 on a random walk, above where moves go on, below where they turn back; 0.5 where some lag did not move at all. The generalised exponent H(2) of T. Di Matteo
 * (2007).
 */
export const hurst = (length = 200): Feature<number> => {
  const n = barCount('hurst', 'length', length, 32);
  return column(featureKey('hurst', n), n + 1, () => {
    const past: readonly Fold[] = LAGS.map(lag => delay(lag));
    const sums: readonly Fold[] = LAGS.map(lag => rollingSum(n - lag + 1));
    return (bar, out, offset) => {
      const y = Math.log(bar.close);
      let slope = 0;
      let still = false;
      for (let k = 0; k < LAGS.length; k++) {
        const move = y - past[k]!(y);
        const sum = sums[k]!(move * move);
        if (sum === 0) still = true;
        else slope += (LN_LAGS[k]! - MIDDLE) * Math.log(sum / (n - LAGS[k]! + 1));
      }
      out[offset] = still ? 0.5 : slope / SPREAD / 2;
    };
  });
};
