import type { LinearProblem } from './softmax-loss.js';

/**
 * Half the weighted second moments of features and intercept, (`width` + 1)², row-major: whatever the coefficients, the Hessian of the log loss
 * of three classes is at most this in each class. A quadratic with it touches the loss from above, so that its minimum never makes the loss worse.
 * Source: Böhning, Multinomial logistic regression algorithm, Annals of the Institute of Statistical Mathematics 44 (1992).
 */
export const curvatureBound = ({ count, width, x, share }: LinearProblem): Float64Array => {
  const stride = width + 1;
  const bound = new Float64Array(stride * stride);
  for (let i = 0; i < count; i++) {
    const from = i * width;
    const half = share[i]! / 2;
    for (let j = 0; j < width; j++) {
      const v = half * x[from + j]!;
      const to = j * stride;
      for (let k = 0; k <= j; k++) bound[to + k]! += v * x[from + k]!;
      bound[width * stride + j]! += v;
    }
    bound[width * stride + width]! += half;
  }
  for (let j = 0; j < stride; j++) for (let k = 0; k < j; k++) bound[k * stride + j] = bound[j * stride + k]!;
  return bound;
};
