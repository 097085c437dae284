import { SortedWindow } from '../conformal/sorted-window.js';
import type { DriftDetector } from './drift-detector.js';
import { repeatedChecks, sortedReference, type WindowOptions } from './repeated-checks.js';

/** Values of a sorted sample below `x`, or at most `x`. */
const countBelow = (sorted: Float64Array, x: number, orEqual: boolean): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < x || (orEqual && sorted[middle] === x)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** What Kolmogorov's law exceeds with this probability; below 0.3 the first term of its series is all but exact. */
const kolmogorovQuantile = (p: number): number => Math.sqrt(Math.log(2 / p) / 2);

/**
 * Two-sample Kolmogorov–Smirnov distance of the latest observations from a reference, such as a feature's values in the training rows: sees best that values became larger or
 * smaller, less well that they spread. The statistic is the distance × √(n m ÷ (n + m)) with the correction of Stephens, which Kolmogorov's law governs; values that repeat make it
 * the more cautious. Levels fall again when the observations do.
 *
 * False alarms at the defaults, independent observations of the reference's law: at most 5 % of runs of 500 reach `drift` and 20 % `warning`. Delay: with a reference of 1,000 a
 * shift of one standard deviation after 100 observations is `drift` within 80 more in 95 % of runs. Observations that resemble their neighbours, as slow features do, raise
 * more alarms. Throws a usage error for settings that compare nothing, or a reference without a value.
 * Sources: N. V. Smirnov, Bulletin of Moscow University 2 (1939); M. A. Stephens, Journal of the Royal Statistical Society B 32 (1970).
 */
export const ks = (options: WindowOptions = {}) => {
  const test = repeatedChecks(options);
  return (reference: Float64Array): DriftDetector => {
    const sorted = sortedReference(reference);
    const m = sorted.length;
    let recent = new SortedWindow(test.window);
    const s = new Float64Array(1);
    const scaledDistance = (): number => {
      const n = recent.length;
      let distance = 0;
      for (let k = 1; k <= n;) {
        const value = recent.smallest(k);
        distance = Math.max(distance, Math.abs((k - 1) / n - countBelow(sorted, value, false) / m));
        while (k <= n && recent.smallest(k) === value) k++;
        distance = Math.max(distance, Math.abs((k - 1) / n - countBelow(sorted, value, true) / m));
      }
      const root = Math.sqrt((n * m) / (n + m));
      return distance * (root + 0.12 + 0.11 / root);
    };
    const [warning, drift] = [kolmogorovQuantile(test.warning), kolmogorovQuantile(test.drift)];
    return {
      update: x => {
        if (Number.isFinite(x)) {
          recent.push(x);
          s[0] = recent.length < test.least ? 0 : scaledDistance();
        }
        return s[0]! > drift ? 'drift' : s[0]! > warning ? 'warning' : 'none';
      },
      get statistic() {
        return s[0]!;
      },
      threshold: drift,
      reset: () => {
        recent = new SortedWindow(test.window);
        s[0] = 0;
      },
    };
  };
};
