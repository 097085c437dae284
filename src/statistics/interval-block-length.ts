import type { Vector } from '../numeric/vector.js';
import { movingBlockLength } from './block-length.js';
import { mean } from './moments.js';

/** Fewer blocks than this say too little about how much blocks differ. */
const FEWEST_BLOCKS = 8;

/**
 * Block length of a studentised interval, a whole number: twice the longest of what the values ask for, what their squared deviations ask for
 * and √n, so that at least eight blocks are left.
 *
 * The length with the least error of a variance is too short for an interval: there the bias of the variance costs more than its noise,
 * which studentising pays for, and the best length grows like √n instead of n^(1/3). The squares count because calm and wild months follow
 * one another in returns that show no memory themselves, and the error of a volatility is made of them.
 * Source: Sun, Phillips & Jin, Optimal Bandwidth Selection in Heteroskedasticity–Autocorrelation Robust Testing, Econometrica 76 (2008);
 * the factor 2 by measured coverage.
 */
export const intervalBlockLength = (values: Vector): number => {
  const n = values.length;
  const centre = mean(values);
  const squares = Float64Array.from(values, x => (x - centre) * (x - centre));
  const wanted = 2 * Math.max(movingBlockLength(values), movingBlockLength(squares), Math.sqrt(n));
  return Math.max(1, Math.floor(Math.min(wanted, n / FEWEST_BLOCKS)));
};
