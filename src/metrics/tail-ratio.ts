import type { Vector } from '../numeric/vector.js';
import { quantile } from '../statistics/quantile.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { TAIL_SAMPLES } from './value-at-risk.js';

/** |95th percentile| ÷ |5th percentile| of returns: above 1 when the good days are larger than the bad ones. */
export const tailRatioOf = (returns: Vector): number => Math.abs(quantile(returns, 0.95)) / Math.abs(quantile(returns, 0.05));

/** Right tail ÷ left tail at 5 %, as in Quantopian's empyrical. */
export const tailRatio: Metric = ({ returns }) =>
  returns.length < TAIL_SAMPLES
    ? undefinedBecause(`fewer than ${TAIL_SAMPLES} returns`)
    : finiteOr(tailRatioOf(returns), 'the 5 % quantile of returns is zero');
