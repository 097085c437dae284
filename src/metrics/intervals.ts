import { percentileInterval } from '../statistics/bootstrap.js';
import { intervalBlockLength } from '../statistics/interval-block-length.js';
import { skewness } from '../statistics/moments.js';
import { quantile } from '../statistics/quantile.js';
import { studentisedBootstraps } from '../statistics/studentised-bootstrap.js';
import type { StudentisedInterval } from '../statistics/studentised-bootstrap.js';
import { annualGrowth, annualReturn } from './cagr.js';
import { calmarRatio } from './calmar.js';
import { expectedShortfall } from './conditional-value-at-risk.js';
import { deepestDrawdownOfReturns } from './max-drawdown.js';
import { undefinedBecause } from './metric.js';
import type { Track, Undefined } from './metric.js';
import { omegaRatio } from './omega.js';
import { resampledPaths } from './resampled-paths.js';
import { returnFunctions } from './return-functions.js';
import { sharpeRatio } from './sharpe.js';
import { sortinoRatio } from './sortino.js';
import { tailRatioOf } from './tail-ratio.js';
import { tradeIntervals } from './trade-intervals.js';
import type { TradeIntervalName } from './trade-intervals.js';
import { TAIL } from './tail.js';
import { historicalValueAtRisk } from './value-at-risk.js';
import { annualVolatility } from './volatility.js';

/** Metrics of returns that have an interval. */
export type ReturnIntervalName =
  | 'sharpe'
  | 'cagr'
  | 'maxDrawdown'
  | 'sortino'
  | 'calmar'
  | 'volatility'
  | 'skew'
  | 'omega'
  | 'valueAtRisk'
  | 'conditionalValueAtRisk'
  | 'tailRatio';

/** Metrics that have an interval. */
export type IntervalName = ReturnIntervalName | TradeIntervalName;

/** What a metric could have been by chance. */
export interface MetricInterval {
  /** The metric of the returns or trades as they are. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** How to resample. */
export interface IntervalOptions {
  readonly seed: number | string;
  /** Number of resamples; 1,000 when left out. */
  readonly samples?: number;
  /** Probability mass; 0.95 when left out. */
  readonly level?: number;
}

interface Limits {
  readonly low: number;
  readonly high: number;
}

/** Fewer returns than this say nothing about their own spread. */
const FEWEST = 20;

const through = ({ low, high }: Limits, to: (x: number) => number): Limits => ({ low: to(low), high: to(high) });
const negative = ({ low, high }: Limits): Limits => ({ low: -high, high: -low });
const moved = ({ low, high, estimate }: StudentisedInterval, centre: number): Limits => ({
  low: centre + (low - estimate),
  high: centre + (high - estimate),
});
const share = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Interval of the quantile at `p` from that of the share of returns at or below it. */
const quantileLimits = (returns: Float64Array, p: number, odds: StudentisedInterval): Limits =>
  through(moved(odds, Math.log(p / (1 - p))), x => quantile(returns, share(x)));

/** Correlation of two errors from those of both and of their sum. */
const togetherness = (one: number, other: number, sum: number): number =>
  Math.min(1, Math.max(-1, (sum * sum - one * one - other * other) / (2 * one * other)));

/**
 * Limits of right ÷ |left| for right > 0 > left, from limits of each and the correlation of the shares below them.
 * Source: Zou & Donner, Construction of Confidence Limits about Effect Measures, Statistics in Medicine 27 (2008).
 */
const ratioLimits = (returns: Float64Array, left: Limits, right: Limits, correlation: number): Limits => {
  const [l, r] = [-quantile(returns, TAIL), quantile(returns, 1 - TAIL)];
  const away = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a + b * b + 2 * correlation * a * b));
  return {
    low: (r / l) * Math.exp(-away(Math.log(right.low / r), Math.log(l / -left.low))),
    high: (r / l) * Math.exp(away(Math.log(right.high / r), Math.log(l / -left.high))),
  };
};

/** Intervals of the metrics of simple returns with `periodsPerYear` of them to the year; see `metricIntervals`. At least two returns. */
export const returnIntervals = (
  returns: Float64Array,
  periodsPerYear: number,
  { seed, samples = 1000, level = 0.95, block = intervalBlockLength(returns) }: IntervalOptions & { readonly block?: number },
): Record<ReturnIntervalName, MetricInterval> => {
  const paths = resampledPaths(returns, block, samples);
  const { columns, functions } = returnFunctions(returns, TAIL);
  const of = studentisedBootstraps(columns, functions, { samples, block, seed, level, onResample: paths.add });
  const years = returns.length / periodsPerYear;
  const root = Math.sqrt(periodsPerYear);
  const calmars = paths.deepest.map((deepest, i) => calmarRatio(annualGrowth(paths.growth[i]! - 1, years), deepest));
  const left = quantileLimits(returns, TAIL, of.worstShare);
  const right = quantileLimits(returns, 1 - TAIL, of.bestShare);
  const shortfall = expectedShortfall(returns, TAIL);
  const deepest = deepestDrawdownOfReturns(returns);
  const annual = annualReturn(returns, periodsPerYear);
  const interval = (estimate: number, { low, high }: Limits): MetricInterval => ({ estimate, low, high, level });
  return {
    sharpe: interval(
      sharpeRatio(returns, periodsPerYear),
      through(of.sharpe, x => x * root),
    ),
    sortino: interval(
      sortinoRatio(returns, periodsPerYear),
      through(of.sortino, x => x * root),
    ),
    cagr: interval(
      annual,
      through(of.growth, x => Math.exp(x * periodsPerYear) - 1),
    ),
    volatility: interval(
      annualVolatility(returns, periodsPerYear),
      through(of.volatility, x => Math.exp(x) * root),
    ),
    skew: interval(skewness(returns), of.skew),
    omega: interval(omegaRatio(returns), through(of.omega, Math.exp)),
    valueAtRisk: interval(historicalValueAtRisk(returns, TAIL), left),
    conditionalValueAtRisk: interval(shortfall, negative(through(moved(of.conditionalValueAtRisk, Math.log(-shortfall)), Math.exp))),
    tailRatio: interval(
      tailRatioOf(returns),
      ratioLimits(returns, left, right, togetherness(of.worstShare.error, of.bestShare.error, of.tailShares.error)),
    ),
    maxDrawdown: interval(deepest, percentileInterval(paths.deepest, level)),
    calmar: interval(calmarRatio(annual, deepest), percentileInterval(calmars.filter(Number.isFinite), level)),
  };
};

/**
 * 95 % (or `level`) intervals by a block bootstrap, `samples` resamples from `seed`, block length from the data (`intervalBlockLength`). All
 * metrics of returns come from the same resamples, those of trades from resamples of the closed trades in order of exit.
 *
 * Ratios, growth, volatility, skew and tails: studentised (`studentisedBootstraps`), symmetric on the scale of `returnFunctions`, because the
 * plain percentile interval of a volatility or a Sharpe ratio holds too seldom on a year or two of days. Quantiles: the interval of the share
 * of returns below them, read off the returns. Maximum drawdown and Calmar ratio have no true value that more days would come closer to;
 * their intervals are percentiles: what another draw of the same days could have brought. Excess kurtosis has none: returns like those of
 * most markets have no fourth moment that a sample could be near to. Growth has none after a day that lost everything.
 *
 * Estimates are of the returns: the maximum drawdown is that of day ends and so never deeper than the headline figure, which looks at every bar.
 */
export const metricIntervals = (
  { returns, periodsPerYear, roundTrips }: Track,
  options: IntervalOptions,
): Record<IntervalName, MetricInterval | Undefined> => {
  const trades = tradeIntervals(roundTrips, options);
  if (returns.length < FEWEST) {
    const none = undefinedBecause(`fewer than ${FEWEST} returns`);
    const names: Record<ReturnIntervalName, Undefined> = {
      sharpe: none,
      cagr: none,
      maxDrawdown: none,
      sortino: none,
      calmar: none,
      volatility: none,
      skew: none,
      omega: none,
      valueAtRisk: none,
      conditionalValueAtRisk: none,
      tailRatio: none,
    };
    return { ...names, ...trades };
  }
  const defined = Object.entries(returnIntervals(returns, periodsPerYear, options)).map(([name, interval]) => [
    name,
    [interval.estimate, interval.low, interval.high].every(Number.isFinite)
      ? interval
      : undefinedBecause('not defined on these returns or their resamples'),
  ]);
  return { ...(Object.fromEntries(defined) as Record<ReturnIntervalName, MetricInterval | Undefined>), ...trades };
};
