import type { Vector } from '../numeric/vector.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { omegaRatio } from './omega.js';
import { outcomesOf } from './outcome-columns.js';

/** Σ gains ÷ Σ losses of outcomes in any one unit. Infinity without losses, NaN without either. */
export const profitFactorOf = (outcomes: Vector): number => omegaRatio(outcomes, 0);

/** Net profit of the winning round trips ÷ net loss of the losing ones. */
export const profitFactor: Metric = track => {
  const { netPnl } = outcomesOf(track);
  return netPnl.length === 0 ? undefinedBecause('no closed trades') : finiteOr(profitFactorOf(netPnl), 'no losing trade');
};
