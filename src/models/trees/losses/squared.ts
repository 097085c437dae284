import type { Loss } from './loss.js';

/** Half the squared error: margins become conditional means. Begins at the mean of all rows. */
export const squaredLoss: Loss = {
  kind: 'squared',
  outputs: 1,
  base: (target, weight, count) => {
    let sum = 0;
    let all = 0;
    for (let i = 0; i < count; i++) {
      sum += weight[i]! * target[i]!;
      all += weight[i]!;
    }
    return Float64Array.of(sum / all);
  },
  derivatives: (margin, target, weight, count, [pairs]) => {
    for (let i = 0; i < count; i++) {
      pairs![2 * i] = weight[i]! * (margin[i]! - target[i]!);
      pairs![2 * i + 1] = weight[i]!;
    }
  },
  mean: (margin, target, weight, from, to) => {
    let sum = 0;
    let all = 0;
    for (let i = from; i < to; i++) {
      const d = margin[i]! - target[i]!;
      sum += (weight[i]! * d * d) / 2;
      all += weight[i]!;
    }
    return sum / all;
  },
  refit: null,
};
