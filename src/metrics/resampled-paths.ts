import type { Vector } from '../numeric/vector.js';

/** What figures of the path of equity were on each resample. */
export interface ResampledPaths {
  /** Takes in the next resample: the first rows of its blocks. */
  readonly add: (starts: Int32Array) => void;
  /** Maximum drawdown of each resample, a negative fraction, as `deepestDrawdownOfReturns`. */
  readonly deepest: Float64Array;
  /** Last equity ÷ first of each resample. */
  readonly growth: Float64Array;
}

/**
 * Walks the equity of resamples that are drawn as blocks of `block` returns, wrapping round the end, the last one cut: one multiplication and
 * two comparisons a day, nothing copied.
 */
export const resampledPaths = (returns: Vector, block: number, samples: number): ResampledPaths => {
  const n = returns.length;
  const factors = new Float64Array(n + block);
  for (let i = 0; i < factors.length; i++) factors[i] = 1 + returns[i % n]!;
  const deepest = new Float64Array(samples);
  const growth = new Float64Array(samples);
  let added = 0;
  const add = (starts: Int32Array): void => {
    let equity = 1;
    let peak = 1;
    // Lowest equity ÷ peak so far, and the equity at which it would be lower still.
    let lowest = 1;
    let floor = 1;
    for (let b = 0; b < starts.length; b++) {
      const from = starts[b]!;
      const to = from + Math.min(block, n - b * block);
      for (let i = from; i < to; i++) {
        equity *= factors[i]!;
        if (equity > peak) {
          peak = equity;
          floor = peak * lowest;
        } else if (equity < floor) {
          lowest = equity / peak;
          floor = equity;
        }
      }
    }
    deepest[added] = lowest - 1;
    growth[added++] = equity;
  };
  return { add, deepest, growth };
};
