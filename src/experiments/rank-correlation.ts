import type { Vector } from '../numeric/vector.js';
import { midRanks } from '../statistics/mid-ranks.js';
import { pairedCorrelation } from '../statistics/paired-correlation.js';

/**
 * Spearman's ρ: how far two orders of the same things agree, −1 to 1, ties by mean ranks. NaN for fewer than two pairs or a side without variation.
 * Source: C. Spearman, The Proof and Measurement of Association between Two Things (1904).
 */
export const rankCorrelation = (x: Vector, y: Vector): number =>
  pairedCorrelation(midRanks(Float64Array.from(x)), midRanks(Float64Array.from(y)));
