import { sum } from '../../numeric/sum.js';
import type { Vector } from '../../numeric/vector.js';

/** Mean of the scores that there are, and how many; NaN for none. Rows that are NaN were not forecast, or what came is not known. */
export const scoreMean = (scores: Vector): { readonly mean: number; readonly count: number } => {
  const known = Float64Array.from(scores).filter(s => !Number.isNaN(s));
  return { mean: known.length > 0 ? sum(known) / known.length : NaN, count: known.length };
};
