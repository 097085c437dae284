import type { Vector } from '../numeric/vector.js';
import { mean } from './moments.js';

/** Variance of the mean by the spread of all overlapping blocks of one length, wrapped round the end. */
const blockVariance = (cumulated: Float64Array, n: number, block: number): number => {
  const total = cumulated[n]!;
  let squares = 0;
  for (let start = 0; start < n; start++) {
    const end = start + block;
    const deviation = (end <= n ? cumulated[end]! : total + cumulated[end - n]!) - cumulated[start]!;
    squares += deviation * deviation;
  }
  return squares / n / block / n;
};

/**
 * Standard error of the mean of values that remember, from blocks of `block` observations. Blocks alone leave out part of a memory that is not
 * short against them, by about as much as the error grows from half blocks to whole ones: that much is added, and never taken away.
 * Source: Künsch, Annals of Statistics 17 (1989); Politis & Romano, Bias-Corrected Nonparametric Spectral Estimation, Journal of Time Series
 * Analysis 16 (1995), the flat-top window as the difference of two triangular ones.
 */
export const blockError = (values: Vector, block: number): number => {
  const n = values.length;
  const centre = mean(values);
  const cumulated = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) cumulated[i + 1] = cumulated[i]! + (values[i]! - centre);
  const whole = blockVariance(cumulated, n, block);
  const half = block < 2 ? whole : blockVariance(cumulated, n, Math.floor(block / 2));
  return Math.sqrt(Math.max(whole, 2 * whole - half));
};
