import { percentileInterval } from '../statistics/bootstrap.js';
import { intervalBlockLength } from '../statistics/interval-block-length.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { pairedCorrelation } from '../statistics/paired-correlation.js';
import { studentisedBootstraps } from '../statistics/studentised-bootstrap.js';
import { annualReturn } from './cagr.js';
import type { IntervalOptions } from './intervals.js';
import { deepestDrawdownOfReturns } from './max-drawdown.js';
import { undefinedBecause } from './metric.js';
import type { Undefined } from './metric.js';
import { pairedFunctions } from './paired-functions.js';
import { resampledPaths } from './resampled-paths.js';
import { ROUNDING, sharpeRatio } from './sharpe.js';
import { annualVolatility } from './volatility.js';

/** Metrics that two runs are compared by, and the correlation of the two. */
export type PairedFigureName = 'meanReturn' | 'cagr' | 'sharpe' | 'volatility' | 'maxDrawdown' | 'correlation';

/** A metric of two runs over the same days and how far apart they are. */
export interface PairedFigure {
  readonly first: number;
  readonly second: number;
  /** Second less first; of `correlation`, the correlation itself. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Two-sided: how often chance alone would set two equals as far apart. Null for the maximum drawdown, which has no true value to be tested. */
  readonly p: number | null;
}

/** Fewer common periods than this and a difference is not given. */
export const FEWEST_PAIRED = 60;

/**
 * How two runs differ, judged on the days that both have (columns of `pairedReturns`): what moves both is drawn together in every resample, so that
 * the difference of two alike runs is known far better than either. Studentised circular block bootstrap of the differences of the mean return a
 * year (not compounded), CAGR, Sharpe ratio and volatility, and of the correlation on Fisher's scale. The maximum drawdowns' difference is that
 * of what other draws of the same days bring: percentiles.
 *
 * Not defined for fewer than 60 common periods, for a run whose returns do not vary, or for two that do not differ.
 * Source: Ledoit & Wolf, Robust Performance Hypothesis Testing with the Sharpe Ratio, Journal of Empirical Finance 15 (2008), with errors and
 * block length as in `metricIntervals`.
 */
export const pairedDifferences = (
  first: Float64Array,
  second: Float64Array,
  periodsPerYear: number,
  { seed, samples = 2000, level = 0.95 }: IntervalOptions,
): Readonly<Record<PairedFigureName, PairedFigure | Undefined>> => {
  const none = (reason: string): Record<PairedFigureName, Undefined> => {
    const why = undefinedBecause(reason);
    return { meanReturn: why, cagr: why, sharpe: why, volatility: why, maxDrawdown: why, correlation: why };
  };
  const n = first.length;
  if (n < FEWEST_PAIRED) return none(`only ${n} common periods of the ${FEWEST_PAIRED} that a difference needs`);
  if (![first, second].every(returns => standardDeviation(returns) > ROUNDING)) return none('the returns of one of them do not vary');
  const apart = first.map((r, i) => second[i]! - r);
  if (!apart.some(r => Math.abs(r) > ROUNDING)) return none('the two do not differ on any day');

  const block = Math.max(...[first, second, apart].map(intervalBlockLength));
  const { columns, functions } = pairedFunctions(first, second, periodsPerYear);
  const paths = [resampledPaths(first, block, samples), resampledPaths(second, block, samples)] as const;
  const of = studentisedBootstraps(columns, functions, {
    samples,
    block,
    seed: `${seed}/paired`,
    level,
    onResample: starts => paths.forEach(path => path.add(starts)),
  });
  const figure = (metric: (returns: Float64Array) => number, { low, high, p }: { low: number; high: number; p: number | null }) => {
    const [a, b] = [metric(first), metric(second)];
    return [a, b, low, high].every(Number.isFinite)
      ? { first: a, second: b, difference: b - a, low, high, level, p }
      : undefinedBecause('not defined on these returns or their resamples');
  };
  const rho = pairedCorrelation(first, second);
  const fisher = (z: number): number => Math.tanh(z);
  return {
    meanReturn: figure(returns => periodsPerYear * mean(returns), of.meanReturn),
    cagr: figure(returns => annualReturn(returns, periodsPerYear), of.cagr),
    sharpe: figure(returns => sharpeRatio(returns, periodsPerYear), of.sharpe),
    volatility: figure(returns => annualVolatility(returns, periodsPerYear), of.volatility),
    maxDrawdown: figure(deepestDrawdownOfReturns, {
      ...percentileInterval(
        paths[1].deepest.map((deepest, i) => deepest - paths[0].deepest[i]!),
        level,
      ),
      p: null,
    }),
    correlation: Number.isFinite(of.correlation.low)
      ? {
          first: 1,
          second: 1,
          difference: rho,
          low: fisher(of.correlation.low),
          high: fisher(of.correlation.high),
          level,
          p: of.correlation.p,
        }
      : undefinedBecause('not defined on these returns or their resamples'),
  };
};
