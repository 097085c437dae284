import type { Loss } from './loss.js';

const probability = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** log(1 + exp(m)) − y m without overflow. */
const rowLoss = (m: number, y: number): number => Math.max(m, 0) + Math.log(1 + Math.exp(-Math.abs(m))) - y * m;

/** Log loss of targets 0 and 1 on the log-odds (Friedman, Annals of Statistics 29, 2001). Begins at the log-odds of all rows and one row more of each kind. */
export const binaryLogLoss: Loss = {
  kind: 'binary-log-loss',
  outputs: 1,
  base: (target, weight, count) => {
    let ones = 1;
    let all = 2;
    for (let i = 0; i < count; i++) {
      ones += weight[i]! * target[i]!;
      all += weight[i]!;
    }
    return Float64Array.of(Math.log(ones / (all - ones)));
  },
  derivatives: (margin, target, weight, count, [pairs]) => {
    for (let i = 0; i < count; i++) {
      const p = probability(margin[i]!);
      pairs![2 * i] = weight[i]! * (p - target[i]!);
      pairs![2 * i + 1] = weight[i]! * p * (1 - p);
    }
  },
  mean: (margin, target, weight, from, to) => {
    let sum = 0;
    let all = 0;
    for (let i = from; i < to; i++) {
      sum += weight[i]! * rowLoss(margin[i]!, target[i]!);
      all += weight[i]!;
    }
    return sum / all;
  },
  refit: null,
};
