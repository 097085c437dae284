import type { Vector } from '../numeric/vector.js';
import { payoffRatio } from './expectancy.js';
import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';
import { winningShare } from './win-rate.js';

/**
 * W − (1 − W) ÷ R with win rate W and payoff ratio R: the fraction of capital to stake on each bet for the fastest growth. Negative means
 * do not bet. NaN without wins or without losses. Source: J. L. Kelly, A New Interpretation of Information Rate, Bell System Technical Journal 35 (1956).
 */
export const kellyFraction = (outcomes: Vector): number => {
  const wins = winningShare(outcomes);
  return wins - (1 - wins) / payoffRatio(outcomes);
};

/** Kelly fraction of the round trips' net PnL. It flatters: it knows the outcomes, and takes them as independent. */
export const kelly: Metric = track => finiteOr(kellyFraction(outcomesOf(track).netPnl), 'needs a winning and a losing trade');
