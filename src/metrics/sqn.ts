import type { Vector } from '../numeric/vector.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** √n × mean ÷ standard deviation (divisor n − 1) of trade outcomes. NaN for fewer than two or outcomes that do not vary. */
export const systemQuality = (outcomes: Vector): number => {
  const deviation = standardDeviation(outcomes);
  return deviation > 0 ? (Math.sqrt(outcomes.length) * mean(outcomes)) / deviation : NaN;
};

/**
 * System quality number of the round trips' net PnL: the t-statistic of the mean trade. Tharp defines it on multiples of the initial risk,
 * which trades without a stop do not have. Source: V. Tharp, Definitive Guide to Position Sizing (2008).
 */
export const sqn: Metric = track => {
  const { netPnl } = outcomesOf(track);
  return netPnl.length < 2 ? undefinedBecause('fewer than two closed trades') : finiteOr(systemQuality(netPnl), 'all trades made the same');
};
