import type { Loss } from './loss.js';

/** Writes the probabilities of the classes: exp of each margin over their sum, the largest margin taken off first. */
export const softmax = (margin: Float64Array, offset: number, classes: number, out: Float64Array): void => {
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) if (margin[offset + c]! > largest) largest = margin[offset + c]!;
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    out[c] = Math.exp(margin[offset + c]! - largest);
    sum += out[c]!;
  }
  for (let c = 0; c < classes; c++) out[c]! /= sum;
};

/**
 * Log loss of `classes` classes, one tree a class and round (Friedman, Annals of Statistics 29, 2001, algorithm 6). The hessian is his p (1 − p) K ÷ (K − 1), which
 * makes up for margins that are determined only up to a constant. Begins at the log of the classes' shares in all rows and one row more of each class.
 */
export const multinomialLogLoss = (classes: number): Loss => ({
  kind: `multinomial-log-loss(${classes})`,
  outputs: classes,
  base: (target, weight, count) => {
    const held = new Float64Array(classes).fill(1);
    let all = classes;
    for (let i = 0; i < count; i++) {
      held[target[i]!]! += weight[i]!;
      all += weight[i]!;
    }
    return held.map(w => Math.log(w / all));
  },
  derivatives: (margin, target, weight, count, pairs) => {
    const factor = classes / (classes - 1);
    const p = new Float64Array(classes);
    for (let i = 0; i < count; i++) {
      softmax(margin, i * classes, classes, p);
      for (let c = 0; c < classes; c++) {
        const out = pairs[c]!;
        out[2 * i] = weight[i]! * (p[c]! - (target[i] === c ? 1 : 0));
        out[2 * i + 1] = weight[i]! * factor * p[c]! * (1 - p[c]!);
      }
    }
  },
  mean: (margin, target, weight, from, to) => {
    const p = new Float64Array(classes);
    let sum = 0;
    let all = 0;
    for (let i = from; i < to; i++) {
      softmax(margin, i * classes, classes, p);
      // Least positive double: a class that was ruled out costs 745, not the whole sum.
      sum -= weight[i]! * Math.log(Math.max(p[target[i]!]!, Number.MIN_VALUE));
      all += weight[i]!;
    }
    return sum / all;
  },
  refit: null,
});
