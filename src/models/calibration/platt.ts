import type { Calibrator } from './calibrator.js';
import { logistic } from './log-odds.js';
import { logisticFit } from './logistic-fit.js';
import { oneAgainstRest } from './one-against-rest.js';

/**
 * Platt scaling: logistic(a · log-odds + b) for each class, with his smoothed targets by weight (hits count (n₊ + 1) ÷ (n₊ + 2), misses 1 ÷ (n₋ + 2)), which keep a small sample from
 * certainty. Fewer than 200 forecasts give null. Source: J. Platt, Probabilistic Outputs for Support Vector Machines (1999).
 */
export const platt = (): Calibrator =>
  oneAgainstRest({
    kind: 'platt',
    options: {},
    minimum: 200,
    fit: (p, hit, weight) => {
      const all = weight.reduce((sum, w) => sum + w, 0);
      const hits = weight.reduce((sum, w, i) => sum + w * hit[i]!, 0);
      const [high, low] = [(hits + 1) / (hits + 2), 1 / (all - hits + 2)];
      const x = new Float64Array(2 * p.length);
      p.forEach((value, i) => {
        x[2 * i] = Math.log(value / (1 - value));
        x[2 * i + 1] = 1;
      });
      return Array.from(
        logisticFit(
          x,
          Float64Array.from(hit, h => (h === 1 ? high : low)),
          weight,
          2,
          [1, 0],
        ),
      );
    },
    map: parameters => {
      const [a, b] = [parameters[0]!, parameters[1]!];
      return p => logistic(a * Math.log(p / (1 - p)) + b);
    },
  });
