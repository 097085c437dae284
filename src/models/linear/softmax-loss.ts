import { OUTCOMES } from '../forecast.js';

/** A multinomial linear problem: `count` rows of `width` finite features, row-major, with weights that add up to 1. */
export interface LinearProblem {
  readonly count: number;
  readonly width: number;
  readonly x: Float64Array;
  readonly label: Uint8Array;
  /** Share of each row in the loss. */
  readonly share: Float64Array;
}

/**
 * Weighted mean log loss of a multinomial logistic model, and its gradient into `gradient`. Coefficients and gradient are 3 × (`width` + 1),
 * class by class, the intercept last.
 */
export const softmaxLoss = ({ count, width, x, label, share }: LinearProblem, beta: Float64Array, gradient: Float64Array): number => {
  const stride = width + 1;
  const b0 = beta.subarray(0, stride);
  const b1 = beta.subarray(stride, 2 * stride);
  const b2 = beta.subarray(2 * stride, OUTCOMES * stride);
  const g0 = gradient.subarray(0, stride).fill(0);
  const g1 = gradient.subarray(stride, 2 * stride).fill(0);
  const g2 = gradient.subarray(2 * stride, OUTCOMES * stride).fill(0);
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const from = i * width;
    let z0 = b0[width]!;
    let z1 = b1[width]!;
    let z2 = b2[width]!;
    for (let j = 0; j < width; j++) {
      const v = x[from + j]!;
      z0 += v * b0[j]!;
      z1 += v * b1[j]!;
      z2 += v * b2[j]!;
    }
    const top = Math.max(z0, z1, z2);
    const e0 = Math.exp(z0 - top);
    const e1 = Math.exp(z1 - top);
    const e2 = Math.exp(z2 - top);
    const total = e0 + e1 + e2;
    const w = share[i]!;
    const c = label[i]!;
    loss += w * (Math.log(total) + top - (c === 0 ? z0 : c === 1 ? z1 : z2));
    const r0 = w * (e0 / total - (c === 0 ? 1 : 0));
    const r1 = w * (e1 / total - (c === 1 ? 1 : 0));
    const r2 = w * (e2 / total - (c === 2 ? 1 : 0));
    for (let j = 0; j < width; j++) {
      const v = x[from + j]!;
      g0[j]! += r0 * v;
      g1[j]! += r1 * v;
      g2[j]! += r2 * v;
    }
    g0[width]! += r0;
    g1[width]! += r1;
    g2[width]! += r2;
  }
  return loss;
};
