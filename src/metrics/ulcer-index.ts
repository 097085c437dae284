import type { Vector } from '../numeric/vector.js';
import { curveOf } from './curve-statistics.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** √ of the mean squared drawdown over all points of equity, as a fraction: depth and length in one. The first peak is `initial`. */
export const ulcer = (equity: Vector, initial: number): number => {
  let peak = initial;
  // As `sum` adds, without a column as long as the curve.
  let total = 0;
  let lost = 0;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (value > peak) peak = value;
    const drawdown = value / peak - 1;
    const square = drawdown * drawdown;
    const next = total + square;
    lost += total >= square ? total - next + square : square - next + total;
    total = next;
  }
  return Math.sqrt((Number.isFinite(lost) ? total + lost : total) / equity.length);
};

/** Root mean square drawdown, as a fraction. Source: Martin & McCann, The Investor's Guide to Fidelity Funds (1989). */
export const ulcerIndex: Metric = track => (track.curve.length === 0 ? undefinedBecause('the run has no bars') : curveOf(track).ulcer);
