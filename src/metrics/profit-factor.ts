import type { Vector } from '../numeric/vector.js';
import { finiteOr, undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';
import { omegaRatio } from './omega.js';

/** Σ gains ÷ Σ losses of outcomes in any one unit. Infinity without losses, NaN without either. */
export const profitFactorOf = (outcomes: Vector): number => omegaRatio(outcomes, 0);

/** Net profit of the winning round trips ÷ net loss of the losing ones. */
export const profitFactor: Metric = ({ roundTrips }) =>
  roundTrips.length === 0
    ? undefinedBecause('no closed trades')
    : finiteOr(profitFactorOf(roundTrips.map(t => t.netPnl)), 'no losing trade');
