import type { Vector } from '../numeric/vector.js';
import { curveOf } from './curve-statistics.js';
import { undefinedBecause } from './metric.js';
import type { Metric } from './metric.js';

/** Smallest equity ÷ running peak − 1: a negative fraction, 0 when equity never fell below its peak. The first peak is `initial`. */
export const deepestDrawdown = (equity: Vector, initial: number): number => {
  let peak = initial;
  let deepest = 0;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (value > peak) peak = value;
    else if (value / peak - 1 < deepest) deepest = value / peak - 1;
  }
  return deepest;
};

/** `deepestDrawdown` of the equity that simple returns compound to. */
export const deepestDrawdownOfReturns = (returns: Vector): number => {
  let equity = 1;
  let peak = 1;
  let deepest = 0;
  for (let i = 0; i < returns.length; i++) {
    equity *= 1 + returns[i]!;
    if (equity > peak) peak = equity;
    else if (equity / peak - 1 < deepest) deepest = equity / peak - 1;
  }
  return deepest;
};

/** Worst fall of equity from a peak, a negative fraction, over every bar of the curve (not only day ends) and the initial capital. */
export const maxDrawdown: Metric = track => {
  if (track.curve.length === 0) return undefinedBecause('the run has no bars');
  return curveOf(track).deepest;
};
