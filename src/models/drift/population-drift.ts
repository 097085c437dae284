import { usageError } from '../../errors.js';
import { populationStability } from '../../statistics/population-stability.js';
import { quantileOfSorted } from '../../statistics/quantile.js';
import { chiSquareTail } from '../scores/chi-square.js';
import type { DriftDetector } from './drift-detector.js';
import { repeatedChecks, sortedReference, type WindowOptions } from './repeated-checks.js';

/** How a histogram is watched. */
export interface PopulationOptions extends WindowOptions {
  /** Bins of equal share of the reference; fewer where values repeat. 5 when left out. */
  readonly bins?: number;
}

/** Divergences of small bins have a heavier tail than their law: this much of the significance makes up for it, by simulation at five bins and a window of 100. */
const LAW_SHARE = 0.5;

/** What a χ² variable exceeds with this probability, by bisection. */
const chiSquareQuantile = (p: number, freedom: number): number => {
  let [low, high] = [0, 1000];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, freedom) > p) low = middle;
    else high = middle;
  }
  return high;
};

/** Inner edges: a value belongs to the bin after the last edge that is below it. */
const edgesOf = (sorted: Float64Array, bins: number): Float64Array =>
  Float64Array.from(new Set(Array.from({ length: bins - 1 }, (_, b) => quantileOfSorted(sorted, (b + 1) / bins)))).filter(
    edge => edge < sorted[sorted.length - 1]!,
  );

/**
 * Population stability index of the latest observations against the bins of a reference, such as a feature's values in the training rows: sees shifts and spreads alike. The
 * statistic is the index ÷ (1 ÷ n + 1 ÷ m) for n observations and m of the reference, about χ² with one degree less than bins; the customary 0.1 and 0.25 are passed by
 * chance in small samples and not by drift in large ones. A reference of a single value has no bins and is never left. Levels fall again when the index does.
 *
 * False alarms at the defaults, independent observations of the reference's law: at most 5 % of runs of 500 reach `drift` and 20 % `warning`. Delay: with a reference of 1,000 a
 * shift of one standard deviation after 100 observations is `drift` within 80 more in 95 % of runs, twice the standard deviation within 100 in 80 %. Observations that
 * resemble their neighbours, as slow features do, raise more alarms. Throws a usage error for settings that compare nothing, or a reference without a value.
 * Source of the law: B. Yurdakul, Statistical Properties of Population Stability Index (2018).
 */
export const psi = (options: PopulationOptions = {}) => {
  const { bins = 5 } = options;
  const test = repeatedChecks(options, LAW_SHARE);
  if (!(Number.isInteger(bins) && bins >= 2)) throw usageError('bad-drift-detector', `bins is ${bins}.`, 'It is a whole number from 2 on.');
  return (reference: Float64Array): DriftDetector => {
    const sorted = sortedReference(reference);
    const edges = edgesOf(sorted, bins);
    const place = (x: number): number => {
      let b = 0;
      while (b < edges.length && x > edges[b]!) b++;
      return b;
    };
    const before = new Float64Array(edges.length + 1);
    for (const x of sorted) before[place(x)]! += 1;
    const after = new Float64Array(edges.length + 1);
    const recent = new Uint8Array(test.window);
    // The statistic, and observations so far.
    const s = new Float64Array(2);
    const [warning, drift] = [test.warning, test.drift].map(p => chiSquareQuantile(p, Math.max(1, edges.length))) as [number, number];
    return {
      update: x => {
        if (Number.isFinite(x)) {
          const seen = s[1]!;
          const at = seen % test.window;
          if (seen >= test.window) after[recent[at]!]! -= 1;
          recent[at] = place(x);
          after[recent[at]!]! += 1;
          s[1] = seen + 1;
          const n = Math.min(seen + 1, test.window);
          s[0] = n < test.least ? 0 : populationStability(before, after) / (1 / n + 1 / sorted.length);
        }
        return s[0]! > drift ? 'drift' : s[0]! > warning ? 'warning' : 'none';
      },
      get statistic() {
        return s[0]!;
      },
      threshold: drift,
      reset: () => {
        after.fill(0);
        s.fill(0);
      },
    };
  };
};
