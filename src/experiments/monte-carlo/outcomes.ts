import { quantileOfSorted } from '../../statistics/quantile.js';

/** What a figure was over many simulated histories, and where the observed one stands among them. */
export interface Outcomes {
  readonly observed: number;
  /** One value a simulation, in the order drawn. */
  readonly samples: Float64Array;
  /** Values that 5, 25, 50, 75 and 95 % of the simulations stay below. */
  readonly percentiles: { readonly p5: number; readonly p25: number; readonly p50: number; readonly p75: number; readonly p95: number };
  /** Share of simulations below the observed value, ties counted half: 0.5 is what chance gives, near 1 is high. */
  readonly rank: number;
  /**
   * Probability of a value at least as high as the observed one by chance alone, (1 + how many) ÷ (1 + simulations): never zero, because the
   * observed history is one of the possible ones. Source: Phipson & Smyth, Permutation P-values Should Never Be Zero, Statistical
   * Applications in Genetics and Molecular Biology 9 (2010).
   */
  readonly pValue: number;
}

/** Two sums of the same numbers in another order differ by rounding: within this share they are a tie. */
const ROUNDING = 1e-12;

/** Sums up the simulated values of a figure. */
export const outcomesOf = (observed: number, samples: Float64Array): Outcomes => {
  const sorted = Float64Array.from(samples).sort();
  const near = ROUNDING * Math.max(Math.abs(observed), Math.abs(sorted[0] ?? 0), Math.abs(sorted[sorted.length - 1] ?? 0));
  let below = 0;
  let ties = 0;
  for (const value of sorted) {
    if (Math.abs(value - observed) <= near) ties++;
    else if (value < observed) below++;
  }
  const at = (p: number): number => quantileOfSorted(sorted, p);
  return {
    observed,
    samples,
    percentiles: { p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) },
    rank: (below + ties / 2) / sorted.length,
    pValue: (1 + sorted.length - below) / (1 + sorted.length),
  };
};
