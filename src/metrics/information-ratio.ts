import type { Vector } from '../numeric/vector.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { sharpeRatio } from './sharpe.js';

/** Sharpe ratio of the returns over the benchmark's, of equal length. NaN when the difference does not vary. */
export const informationRatioOf = (returns: Vector, benchmark: Vector, periodsPerYear: number): number =>
  sharpeRatio(
    Float64Array.from(returns, (r, i) => r - benchmark[i]!),
    periodsPerYear,
  );

/** Annualised mean active return ÷ its standard deviation. Source: T. H. Goodwin, The Information Ratio, Financial Analysts Journal 54 (1998). */
export const informationRatio: Metric = ({ returns, benchmark, periodsPerYear }) => {
  if (!benchmark) return undefinedBecause('no benchmark');
  if (returns.length < 2) return undefinedBecause('fewer than two returns');
  return finiteOr(informationRatioOf(returns, benchmark, periodsPerYear), 'the return over the benchmark does not vary');
};
