import { normalCdf } from '../../statistics/normal.js';

/**
 * Probability integral transform of each row: the probability that the normal forecast gave to a value below the one that came. Uniform on [0, 1] when the forecast laws
 * are right; heaped at both ends when they are too narrow, in the middle when too wide. NaN where a part is missing or the standard deviation is not above 0.
 * Source: Diebold, Gunther & Tay, International Economic Review 39 (1998); Gneiting, Balabdaoui & Raftery, JRSS B 69 (2007).
 */
export const pitValues = (mean: Float64Array, sd: Float64Array, value: Float64Array): Float64Array =>
  value.map((y, i) => (sd[i]! > 0 ? normalCdf((y - mean[i]!) / sd[i]!) : NaN));
