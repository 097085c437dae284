import type { Vector } from '../numeric/vector.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Π(1 + r) − 1: simple returns compounded. 0 for no returns. */
export const compoundReturn = (returns: Vector): number => {
  let growth = 1;
  for (let i = 0; i < returns.length; i++) growth *= 1 + returns[i]!;
  return growth - 1;
};

/** Last equity ÷ initial capital − 1, as a fraction, after all costs. */
export const totalReturn: Metric = ({ initialCapital, curve }) =>
  curve.length === 0 ? undefinedBecause('the run has no bars') : curve.equity[curve.length - 1]! / initialCapital - 1;
