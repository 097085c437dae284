import { stationaryBootstraps } from '../statistics/bootstrap.js';
import { annualReturn } from './cagr.js';
import { calmarRatio } from './calmar.js';
import { deepestDrawdownOfReturns } from './max-drawdown.js';
import { undefinedBecause } from './metric.js';
import type { Track, Undefined } from './metric.js';
import { sharpeRatio } from './sharpe.js';
import { sortinoRatio } from './sortino.js';
import { annualVolatility } from './volatility.js';

/** Metrics that have an interval. */
export type IntervalName = 'sharpe' | 'cagr' | 'maxDrawdown' | 'sortino' | 'calmar' | 'volatility';

/** What a metric could have been by chance. */
export interface MetricInterval {
  /** The metric of the returns as they are. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** Fewer returns than this say nothing about their own spread. */
const FEWEST = 20;

/**
 * 95 % (or `level`) percentile intervals by the stationary block bootstrap of the track's returns, `samples` resamples from `seed`, the
 * block length chosen from the data. All six come from the same resamples. Estimates are of the returns: the maximum drawdown is that of
 * day ends and so never deeper than the headline figure, which looks at every bar. A resampled drawdown is what another order of the
 * same days could have brought.
 */
export const metricIntervals = (
  { returns, periodsPerYear }: Track,
  { seed, samples = 1000, level = 0.95 }: { seed: number | string; samples?: number; level?: number },
): Record<IntervalName, MetricInterval | Undefined> => {
  const statistics: Record<IntervalName, (sample: Float64Array) => number> = {
    sharpe: sample => sharpeRatio(sample, periodsPerYear),
    cagr: sample => annualReturn(sample, periodsPerYear),
    maxDrawdown: deepestDrawdownOfReturns,
    sortino: sample => sortinoRatio(sample, periodsPerYear),
    calmar: sample => calmarRatio(annualReturn(sample, periodsPerYear), deepestDrawdownOfReturns(sample)),
    volatility: sample => annualVolatility(sample, periodsPerYear),
  };
  const names = Object.keys(statistics) as IntervalName[];
  const all = <V>(value: (name: IntervalName) => V): Record<IntervalName, V> =>
    Object.fromEntries(names.map(name => [name, value(name)])) as Record<IntervalName, V>;
  if (returns.length < FEWEST) return all(() => undefinedBecause(`fewer than ${FEWEST} returns`));
  const intervals = stationaryBootstraps(returns, statistics, { samples, seed, level });
  return all(name => {
    const { estimate, low, high } = intervals[name];
    return [estimate, low, high].every(Number.isFinite)
      ? { estimate, low, high, level }
      : undefinedBecause('not defined on these returns or their resamples');
  });
};
