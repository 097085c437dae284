import { normalQuantile } from '../../statistics/normal.js';
import { variance } from '../../statistics/moments.js';
import { DAY } from '../../time.js';
import { probabilisticSharpe } from './psr.js';
import type { ObservedSharpe } from './psr.js';

const EULER_MASCHERONI = 0.5772156649015329;

/**
 * Expected maximum of `n` independent standard normal draws: how good the best of `n` worthless strategies looks, in standard deviations.
 * 0 for one trial, NaN for fewer. Within 1 % of the true value from ten trials on. Below 1.3, which an effective number of trials can be, the formula falls under 0 and 0 is taken: the best of
 * several is never worse than one.
 * Source: Bailey & López de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40 (2014), eq. 1.
 */
export const expectedMaximum = (n: number): number => {
  if (!(n >= 1)) return NaN;
  if (n === 1) return 0;
  return Math.max(0, (1 - EULER_MASCHERONI) * normalQuantile(1 - 1 / n) + EULER_MASCHERONI * normalQuantile(1 - 1 / (n * Math.E)));
};

/** What was tried to find the strategy. */
export interface Trials {
  /** Number of independent trials; correlated ones count for less, and counting them in full is the cautious choice. */
  readonly count: number;
  /** Variance of the Sharpe ratios (per observation) over the trials. */
  readonly sharpeVariance: number;
}

/** Counts trials by their Sharpe ratios per observation; those without a Sharpe ratio (NaN) count as tried but add nothing to the variance. */
export const trialsOf = (sharpes: readonly number[]): Trials => {
  const defined = sharpes.filter(s => !Number.isNaN(s));
  return { count: sharpes.length, sharpeVariance: defined.length < 2 ? 0 : variance(defined) };
};

/** A ratio of fewer daily returns is anything at all, and one of them would drown the spread of all others. */
const SHORTEST = 10 * DAY;

/**
 * What a trial's Sharpe ratio over `length` says of one over `judged` (both milliseconds): luck spreads a ratio by one over the root of its length, so the ratios of short
 * windows lie further apart than those of the long record that is judged. Equal lengths leave it as it is. NaN for windows under ten days.
 */
export const sharpeAtLength = (sharpe: number, length: number, judged: number): number =>
  length < SHORTEST ? NaN : sharpe * Math.sqrt(length / judged);

/**
 * Whichever of two lists of Sharpe ratios lies further apart, in ascending order, so that the order of evaluation decides no bit. N is counted over the whole ledger, so the few alike trials of
 * the run that is judged must not stand for all of it: a wide search followed by a walk of its winner alone would come out as if little had been tried.
 */
export const widerSpread = (run: readonly number[], ledger: readonly number[]): readonly number[] => {
  const [ours, all] = [run.toSorted((a, b) => a - b), ledger.toSorted((a, b) => a - b)];
  return trialsOf(all).sharpeVariance > trialsOf(ours).sharpeVariance ? all : ours;
};

/** The Sharpe ratio per observation that the best of the trials would show by luck alone. */
export const luckySharpe = ({ count, sharpeVariance }: Trials): number => Math.sqrt(sharpeVariance) * expectedMaximum(count);

/**
 * Probability that the strategy's true Sharpe ratio is above zero after allowing for how many were tried: `probabilisticSharpe` against
 * `luckySharpe`. Trials are taken as independent. Source: Bailey & López de Prado (2014), eq. 2.
 */
export const deflatedSharpe = (observed: ObservedSharpe, trials: Trials): number => probabilisticSharpe(observed, luckySharpe(trials));
