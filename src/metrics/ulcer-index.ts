import { sum } from '../numeric/sum.js';
import type { Vector } from '../numeric/vector.js';
import { drawdownSeries } from './drawdowns.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** √ of the mean squared drawdown over all points of equity, as a fraction: depth and length in one. The first peak is `initial`. */
export const ulcer = (equity: Vector, initial: number): number => {
  const squares = drawdownSeries(equity, initial);
  for (let i = 0; i < squares.length; i++) squares[i]! *= squares[i]!;
  return Math.sqrt(sum(squares) / equity.length);
};

/** Root mean square drawdown, as a fraction. Source: Martin & McCann, The Investor's Guide to Fidelity Funds (1989). */
export const ulcerIndex: Metric = ({ curve, initialCapital }) =>
  curve.length === 0 ? undefinedBecause('the run has no bars') : ulcer(curve.equity, initialCapital);
