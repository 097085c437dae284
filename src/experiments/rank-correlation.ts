import type { Vector } from '../numeric/vector.js';
import { mean } from '../statistics/moments.js';
import { sum } from '../numeric/sum.js';

/** Ranks from 1; equal values share the mean of their ranks. */
const ranks = (values: Vector): Float64Array => {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  for (let i = 0; i < order.length;) {
    let j = i;
    while (j + 1 < order.length && values[order[j + 1]!] === values[order[i]!]) j++;
    for (let k = i; k <= j; k++) result[order[k]!] = (i + j) / 2 + 1;
    i = j + 1;
  }
  return result;
};

/**
 * Spearman's ρ: how far two orders of the same things agree, −1 to 1, ties by mean ranks. NaN for fewer than two pairs or a side without variation.
 * Source: C. Spearman, The Proof and Measurement of Association between Two Things (1904).
 */
export const rankCorrelation = (x: Vector, y: Vector): number => {
  const [a, b] = [ranks(x), ranks(y)];
  const [centreA, centreB] = [mean(a), mean(b)];
  const product = (u: Float64Array, cu: number, v: Float64Array, cv: number): number =>
    sum(Float64Array.from(u, (value, i) => (value - cu) * (v[i]! - cv)));
  return product(a, centreA, b, centreB) / Math.sqrt(product(a, centreA, a, centreA) * product(b, centreB, b, centreB));
};
