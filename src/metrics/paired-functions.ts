import type { FunctionOfMeans } from '../statistics/function-of-means.js';
import { mean, standardDeviation } from '../statistics/moments.js';

/** Differences of metrics, second less first, that are functions of means of columns over the same days; `correlation` is that of the two, as Fisher's z. */
export type PairedFunctionName = 'meanReturn' | 'cagr' | 'sharpe' | 'volatility' | 'correlation';

/** The columns whose means the functions need, and the functions. */
export interface PairedFunctions {
  readonly columns: readonly Float64Array[];
  readonly functions: Readonly<Record<PairedFunctionName, FunctionOfMeans>>;
}

const FIRST = 0;
const SECOND = 1;
const SQUARE = 2;
const LOG = 4;
const PRODUCT = 6;

/**
 * Annualised differences of two series of simple returns over the same periods, neither constant, neither losing everything. Returns are measured
 * from their means in units of their standard deviations, so that no digits are lost in their squares.
 */
export const pairedFunctions = (first: Float64Array, second: Float64Array, periodsPerYear: number): PairedFunctions => {
  const pair = [first, second];
  const centre = pair.map(mean);
  const scale = pair.map(returns => standardDeviation(returns, 0));
  const units = pair.map((returns, k) => returns.map(r => (r - centre[k]!) / scale[k]!));
  const root = Math.sqrt(periodsPerYear);
  // Divisor n − 1, as the metrics have it.
  const sample = Math.sqrt(first.length / (first.length - 1));
  const spread = (m: Float64Array, k: number): number => m[SQUARE + k]! - m[k]! * m[k]!;
  const sharpe = (m: Float64Array, k: number): number => (root * (centre[k]! / scale[k]! + m[k]!)) / (Math.sqrt(spread(m, k)) * sample);
  const volatility = (m: Float64Array, k: number): number => root * scale[k]! * Math.sqrt(spread(m, k)) * sample;
  const growth = (m: Float64Array, k: number): number => Math.exp(periodsPerYear * m[LOG + k]!) - 1;
  const likeness = (m: Float64Array): number => (m[PRODUCT]! - m[FIRST]! * m[SECOND]!) / Math.sqrt(spread(m, 0) * spread(m, 1));
  const sides = [
    [0, -1],
    [1, 1],
  ] as const;
  return {
    columns: [
      ...units,
      ...units.map(unit => unit.map(z => z * z)),
      ...pair.map(returns => returns.map(r => Math.log(1 + r))),
      units[0]!.map((z, i) => z * units[1]![i]!),
    ],
    functions: {
      meanReturn: {
        value: m => periodsPerYear * (centre[1]! + scale[1]! * m[SECOND]! - centre[0]! - scale[0]! * m[FIRST]!),
        gradient: (_, out) => {
          for (const [k, sign] of sides) out[k] = sign * periodsPerYear * scale[k]!;
        },
      },
      cagr: {
        value: m => growth(m, 1) - growth(m, 0),
        gradient: (m, out) => {
          for (const [k, sign] of sides) out[LOG + k] = sign * periodsPerYear * (1 + growth(m, k));
        },
      },
      sharpe: {
        value: m => sharpe(m, 1) - sharpe(m, 0),
        gradient: (m, out) => {
          for (const [k, sign] of sides) {
            const variance = spread(m, k);
            const ratio = sharpe(m, k);
            out[k] = sign * (root / (Math.sqrt(variance) * sample) + (ratio * m[k]!) / variance);
            out[SQUARE + k] = (sign * -0.5 * ratio) / variance;
          }
        },
      },
      volatility: {
        lasting: true,
        value: m => volatility(m, 1) - volatility(m, 0),
        gradient: (m, out) => {
          for (const [k, sign] of sides) {
            const slope = (sign * volatility(m, k)) / spread(m, k);
            out[k] = -slope * m[k]!;
            out[SQUARE + k] = 0.5 * slope;
          }
        },
      },
      correlation: {
        lasting: true,
        value: m => {
          const rho = likeness(m);
          return 0.5 * Math.log((1 + rho) / (1 - rho));
        },
        gradient: (m, out) => {
          const rho = likeness(m);
          const [a, b] = [spread(m, 0), spread(m, 1)];
          const over = Math.sqrt(a * b);
          const stretch = 1 / (1 - rho * rho);
          out[PRODUCT] = stretch / over;
          out[SQUARE] = (-0.5 * stretch * rho) / a;
          out[SQUARE + 1] = (-0.5 * stretch * rho) / b;
          out[FIRST] = stretch * ((rho * m[FIRST]!) / a - m[SECOND]! / over);
          out[SECOND] = stretch * ((rho * m[SECOND]!) / b - m[FIRST]! / over);
        },
      },
    },
  };
};
