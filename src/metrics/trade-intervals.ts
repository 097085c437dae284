import type { RoundTrip } from '../portfolio/fill.js';
import { intervalBlockLength } from '../statistics/interval-block-length.js';
import { studentisedBootstraps } from '../statistics/studentised-bootstrap.js';
import type { MetricInterval, IntervalOptions } from './intervals.js';
import { undefinedBecause } from './metric.js';
import type { Undefined } from './metric.js';
import { profitFactorOf } from './profit-factor.js';
import { logOdds, logRatio } from './return-functions.js';
import { winningShare } from './win-rate.js';

/** Metrics of closed trades that have an interval. */
export type TradeIntervalName = 'winRate' | 'profitFactor';

/** Fewer trades than this say nothing about their own spread. */
const FEWEST = 20;

/**
 * Studentised intervals of the metrics of closed trades by resampling the trades in order of exit, in blocks, so that runs of luck stay
 * together. On a log-odds and a log scale: a win rate stays between 0 and 1. Not defined for fewer than 20 trades, or without a win or a loss.
 */
export const tradeIntervals = (
  roundTrips: readonly RoundTrip[],
  { seed, samples = 1000, level = 0.95 }: IntervalOptions,
): Record<TradeIntervalName, MetricInterval | Undefined> => {
  const outcomes = Float64Array.from(roundTrips, t => t.netPnl);
  const none = undefinedBecause(outcomes.length < FEWEST ? `fewer than ${FEWEST} closed trades` : 'needs winning and losing trades');
  if (outcomes.length < FEWEST) return { winRate: none, profitFactor: none };
  const columns = [outcomes.map(x => (x > 0 ? 1 : 0)), outcomes.map(x => Math.max(x, 0)), outcomes.map(x => Math.max(-x, 0))];
  const { wins, factor } = studentisedBootstraps(
    columns,
    { wins: logOdds(0), factor: logRatio(1, 2) },
    { samples, block: intervalBlockLength(outcomes), seed: `${seed}/trades`, level },
  );
  const interval = (estimate: number, low: number, high: number): MetricInterval | Undefined =>
    [estimate, low, high].every(Number.isFinite) ? { estimate, low, high, level } : none;
  const share = (odds: number): number => 1 / (1 + Math.exp(-odds));
  return {
    winRate: interval(winningShare(outcomes), share(wins.low), share(wins.high)),
    profitFactor: interval(profitFactorOf(outcomes), Math.exp(factor.low), Math.exp(factor.high)),
  };
};
