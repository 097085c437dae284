import { usageError } from '../../../errors.js';
import { weightedQuantile } from '../weighted-quantile.js';
import type { Loss } from './loss.js';

/**
 * Pinball loss: margins become the conditional `level` quantile, such as 0.05 for a bad case (Koenker & Bassett, Econometrica 46, 1978). It has no curvature, so splits
 * are found with a hessian of 1 and each leaf is set to the quantile of its residuals (Friedman 2001, algorithm 3).
 */
export const quantileLoss = (level: number): Loss => {
  if (!(level > 0 && level < 1))
    throw usageError('bad-quantile', `The quantile level is ${level}.`, 'It is between 0 and 1, both left out.');
  return {
    kind: `quantile(${level})`,
    outputs: 1,
    base: (target, weight, count) => Float64Array.of(weightedQuantile(target.slice(0, count), weight.slice(0, count), level)),
    derivatives: (margin, target, weight, count, [pairs]) => {
      for (let i = 0; i < count; i++) {
        pairs![2 * i] = weight[i]! * (target[i]! < margin[i]! ? 1 - level : -level);
        pairs![2 * i + 1] = weight[i]!;
      }
    },
    mean: (margin, target, weight, from, to) => {
      let sum = 0;
      let all = 0;
      for (let i = from; i < to; i++) {
        const d = target[i]! - margin[i]!;
        sum += weight[i]! * (d < 0 ? level - 1 : level) * d;
        all += weight[i]!;
      }
      return sum / all;
    },
    refit: level,
  };
};
