import { quantile } from '../statistics/quantile.js';
import { deflatedSharpe, trialsOf } from './overfitting/dsr.js';
import { probabilityOfOverfitting } from './overfitting/pbo.js';
import { observedSharpe, probabilisticSharpe } from './overfitting/psr.js';
import { estimate, noEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';

/** Fewest returns in a block of time for a Sharpe ratio over half of the blocks to mean anything. */
const ROWS_PER_BLOCK = 4;
/** Above this many configurations 12 blocks (924 splits) are used instead of 16 (12,870): as telling, and not slow. */
const MANY = 1000;

/** Probability of overfitting with what it was counted from. */
export interface SearchLogits {
  readonly pbo: Estimate;
  /** One a split; empty where `pbo` is null. */
  readonly logits: Float64Array;
}

/**
 * Probability of backtest overfitting of one search, over the returns of all its configurations (CSCV, 16 blocks of time; 12 for more than 1,000 configurations, fewer where the
 * window is short), and the logit of every split for a histogram.
 */
export const searchLogits = (returns: readonly Float64Array[]): SearchLogits => {
  const none = (reason: string): SearchLogits => ({ pbo: noEstimate(reason), logits: new Float64Array() });
  const rows = returns[0]?.length ?? 0;
  if (returns.length < 2) return none('fewer than two configurations were tried');
  if (returns.some(column => column.length !== rows)) return none('the configurations have returns on different dates');
  const fitting = Math.min(returns.length > MANY ? 12 : 16, 2 * Math.floor(rows / ROWS_PER_BLOCK / 2));
  if (fitting < 6) return none(`${rows} returns in a training window are too few`);
  const { pbo, logits } = probabilityOfOverfitting(returns, fitting);
  return { pbo: estimate(pbo, 'not defined'), logits };
};

/** The probability alone. */
export const searchOverfitting = (returns: readonly Float64Array[]): Estimate => searchLogits(returns).pbo;

/** The median over the folds that have one. */
export const medianEstimate = (folds: readonly Estimate[]): Estimate => {
  const values = folds.flatMap(({ value }) => (value === null ? [] : [value]));
  return values.length > 0 ? estimate(quantile(values, 0.5), 'not defined') : noEstimate(folds[0]?.reason ?? 'there are no folds');
};

/** Probability that the true Sharpe ratio behind a track record is above 0, and the same after allowing for the number of trials. */
export interface SharpeEvidence {
  readonly psr: Estimate;
  readonly dsr: Estimate;
}

/** `sharpes` are those of trials per return observation (null: not defined); `count` is the number of trials to allow for. */
export const sharpeEvidence = (returns: Float64Array, sharpes: readonly (number | null)[], count: number): SharpeEvidence => {
  const observed = observedSharpe(returns);
  const { sharpeVariance } = trialsOf(sharpes.map(sharpe => sharpe ?? NaN));
  // Without a spread there is nothing to deflate by: the figure would be the PSR under another name.
  const isDeflated = count <= 1 || sharpeVariance > 0;
  const reason = returns.length < 2 ? 'fewer than two returns out of sample' : 'the returns out of sample do not vary';
  return {
    psr: estimate(probabilisticSharpe(observed), reason),
    dsr: isDeflated
      ? estimate(deflatedSharpe(observed, { count, sharpeVariance }), reason)
      : noEstimate('fewer than two different trials in this search: how far their Sharpe ratios spread is not known'),
  };
};
