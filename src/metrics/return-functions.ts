import type { Vector } from '../numeric/vector.js';
import type { FunctionOfMeans } from '../statistics/function-of-means.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { quantile } from '../statistics/quantile.js';

/** Metrics of returns that are functions of means, and the columns whose means they need. */
export interface ReturnFunctions {
  readonly columns: readonly Float64Array[];
  /** Per period. Growth, volatility, omega and −expected shortfall as logarithms; the tails as they stand at the returns' own quantiles (see `returnFunctions`). */
  readonly functions: Readonly<Record<ReturnFunctionName, FunctionOfMeans>>;
}

export type ReturnFunctionName =
  'sharpe' | 'sortino' | 'growth' | 'volatility' | 'skew' | 'omega' | 'conditionalValueAtRisk' | 'worstShare' | 'bestShare' | 'tailShares';

const DEVIATION = 0;
const SQUARE = 1;
const CUBE = 2;
const LOG = 3;
const SHORTFALL = 4;
const GAIN = 5;
const LOSS = 6;
const BEYOND = 7;
const WORST = 8;
const BEST = 9;

/** ln(p ÷ (1 − p)) of the mean of a column of ones and zeros: a share on a scale without ends. */
export const logOdds = (column: number): FunctionOfMeans => ({
  value: m => Math.log(m[column]! / (1 - m[column]!)),
  gradient: (m, out) => {
    out[column] = 1 / (m[column]! * (1 - m[column]!));
  },
});

/** ln of the ratio of two columns' means. */
export const logRatio = (top: number, bottom: number): FunctionOfMeans => ({
  value: m => Math.log(m[top]! / m[bottom]!),
  gradient: (m, out) => {
    out[top] = 1 / m[top]!;
    out[bottom] = -1 / m[bottom]!;
  },
});

/**
 * The metrics of simple returns that are smooth functions of means, for `studentisedBootstraps`. Returns are measured from their mean in units
 * of their standard deviation, so that no digits are lost in their powers.
 *
 * The tails hold their thresholds, the returns' own `tail` and 1 − `tail` quantiles, fixed: expected shortfall is then threshold −
 * mean(max(threshold − r, 0)) ÷ tail, whose slope by the threshold is zero (Rockafellar & Uryasev 2000); and `worstShare` and `bestShare` are
 * the log odds of a return at or below each (`tailShares` their sum, for how they go together), whose interval read off the returns' quantiles is one of the quantile itself (Woodruff,
 * Confidence Intervals for Medians and Other Position Measures, Journal of the American Statistical Association 47 (1952)).
 */
export const returnFunctions = (returns: Vector, tail = 0.05): ReturnFunctions => {
  const n = returns.length;
  const centre = mean(returns);
  const scale = standardDeviation(returns, 0);
  const column = (of: (r: number, z: number) => number): Float64Array => {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = of(returns[i]!, (returns[i]! - centre) / scale);
    return out;
  };
  const worst = quantile(returns, tail);
  const best = quantile(returns, 1 - tail);
  const columns = [
    column((_, z) => z),
    column((_, z) => z * z),
    column((_, z) => z * z * z),
    column(r => Math.log(1 + r)),
    column(r => (r < 0 ? (r / scale) * (r / scale) : 0)),
    column(r => Math.max(r, 0)),
    column(r => Math.max(-r, 0)),
    column(r => Math.max(worst - r, 0)),
    column(r => (r <= worst ? 1 : 0)),
    column(r => (r <= best ? 1 : 0)),
  ];
  const worstShare = { ...logOdds(WORST), lasting: true };
  const bestShare = { ...logOdds(BEST), lasting: true };
  const offset = centre / scale;
  // Divisor n − 1, as the metric has it.
  const sample = n / (n - 1);
  const spread = (m: Float64Array): number => m[SQUARE]! - m[DEVIATION]! * m[DEVIATION]!;
  return {
    columns,
    functions: {
      sharpe: {
        value: m => (offset + m[DEVIATION]!) / Math.sqrt(spread(m) * sample),
        gradient: (m, out) => {
          const variance = spread(m);
          const deviation = Math.sqrt(variance * sample);
          const ratio = (offset + m[DEVIATION]!) / deviation;
          out[DEVIATION] = 1 / deviation + (ratio * m[DEVIATION]!) / variance;
          out[SQUARE] = (-0.5 * ratio) / variance;
        },
      },
      sortino: {
        value: m => (offset + m[DEVIATION]!) / Math.sqrt(m[SHORTFALL]!),
        gradient: (m, out) => {
          const downside = Math.sqrt(m[SHORTFALL]!);
          out[DEVIATION] = 1 / downside;
          out[SHORTFALL] = (-0.5 * (offset + m[DEVIATION]!)) / (downside * m[SHORTFALL]!);
        },
      },
      growth: {
        value: m => m[LOG]!,
        gradient: (_, out) => {
          out[LOG] = 1;
        },
      },
      volatility: {
        lasting: true,
        value: m => Math.log(scale) + 0.5 * Math.log(spread(m) * sample),
        gradient: (m, out) => {
          out[DEVIATION] = -m[DEVIATION]! / spread(m);
          out[SQUARE] = 0.5 / spread(m);
        },
      },
      skew: {
        value: m => {
          const variance = spread(m);
          const d = m[DEVIATION]!;
          return (m[CUBE]! - 3 * d * m[SQUARE]! + 2 * d * d * d) / (variance * Math.sqrt(variance));
        },
        gradient: (m, out) => {
          const variance = spread(m);
          const cubed = variance * Math.sqrt(variance);
          const d = m[DEVIATION]!;
          const third = m[CUBE]! - 3 * d * m[SQUARE]! + 2 * d * d * d;
          out[CUBE] = 1 / cubed;
          out[SQUARE] = (-3 * d - (1.5 * third) / variance) / cubed;
          out[DEVIATION] = (6 * d * d - 3 * m[SQUARE]! + (3 * third * d) / variance) / cubed;
        },
      },
      omega: logRatio(GAIN, LOSS),
      conditionalValueAtRisk: {
        lasting: true,
        value: m => Math.log(m[BEYOND]! / tail - worst),
        gradient: (m, out) => {
          out[BEYOND] = 1 / (m[BEYOND]! - worst * tail);
        },
      },
      worstShare,
      bestShare,
      tailShares: {
        lasting: true,
        value: m => worstShare.value(m) + bestShare.value(m),
        gradient: (m, out) => {
          worstShare.gradient(m, out);
          bestShare.gradient(m, out);
        },
      },
    },
  };
};
