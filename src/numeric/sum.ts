import type { Vector } from './vector.js';

/**
 * Sum in index order with Neumaier's compensation: the error does not grow with the length, and the same numbers in the same order
 * always give the same bits. Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen (1974).
 */
export const sum = (values: Vector): number => {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  // Past the range of a double the compensation is NaN; the infinite total says more.
  return Number.isFinite(lost) ? total + lost : total;
};
