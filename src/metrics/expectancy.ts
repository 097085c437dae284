import type { Vector } from '../numeric/vector.js';
import { mean } from '../statistics/moments.js';
import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

const split = (outcomes: Vector): { wins: Float64Array; losses: Float64Array } => {
  const all = Float64Array.from(outcomes);
  return { wins: all.filter(x => x > 0), losses: all.filter(x => x < 0) };
};

/** Average win ÷ average loss (positive); NaN without wins or without losses. */
export const payoffRatio = (outcomes: Vector): number => {
  const { wins, losses } = split(outcomes);
  return mean(wins) / -mean(losses);
};

/** Gain per unit risked: win rate × (1 + average win ÷ average loss) − 1. NaN without wins or without losses. */
export const expectancyRatio = (outcomes: Vector): number =>
  (1 + payoffRatio(outcomes)) * (split(outcomes).wins.length / outcomes.length) - 1;

/**
 * Money a round trip is expected to make after costs: win rate × average win − loss rate × average loss, which is the mean net PnL
 * (ties count as neither). Source: V. Tharp, Trade Your Way to Financial Freedom (1998).
 */
export const expectancy: Metric = track => finiteOr(mean(outcomesOf(track).netPnl), 'no closed trades');
