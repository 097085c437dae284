import { usageError } from '../../errors.js';
import type { EnsembleRule } from './ensemble-rule.js';
import { mixture } from './mixture.js';

/** How fast weights learn, and how strongly they are drawn back to equal ones. */
export interface OnlineStackingOptions {
  /** Learning rate of the exponentiated gradient; 0.02 when left out. */
  readonly rate?: number;
  /** Share by which weights move to equal ones at each outcome; 0.001 when left out. It bounds how far a model can fall, and lets the pool follow a change of regime. */
  readonly shrinkage?: number;
}

/**
 * Online stacking: weights are moved by the gradient of the mixture's own log loss, wᵢ ∝ wᵢ e^(η pᵢ ÷ p), so that models are rewarded for what they add to the pool and not for what
 * they score alone: two that are right on different days both keep weight. Without shrinkage, with every model awake and each outcome known before the next forecast, its log loss
 * exceeds that of the best fixed mixture by at most ln N ÷ η + η T r² ÷ 8, where r bounds the ratios pᵢ ÷ p (Helmbold, Schapire, Singer & Warmuth, Mathematical Finance 8, 1998). Ratios
 * are clipped at 10: no bound is claimed beyond. Throws a usage error for bad options.
 */
export const onlineStacking = (options: OnlineStackingOptions = {}): EnsembleRule => {
  const { rate = 0.02, shrinkage = 0.001 } = options;
  if (!(rate > 0)) throw usageError('bad-ensemble', `The rate is ${rate}.`, 'It is above 0.');
  if (!(shrinkage >= 0 && shrinkage < 1))
    throw usageError('bad-ensemble', `The shrinkage is ${shrinkage}.`, 'It is 0 or more and below 1.');
  return {
    kind: 'online-stacking',
    options: { rate, shrinkage },
    create: (models, state) => {
      const weight = Float64Array.from({ length: models }, (_, m) => (state as readonly number[] | undefined)?.[m] ?? 1 / models);
      const own = new Float64Array(models);
      const weights = (awake: Uint8Array, out: Float64Array): void => {
        let total = 0;
        let n = 0;
        for (let m = 0; m < models; m++) {
          if (awake[m] !== 1) continue;
          total += weight[m]!;
          n++;
        }
        // Without shrinkage the weights of all who are awake may have sunk to nothing.
        for (let m = 0; m < models; m++) out[m] = awake[m] !== 1 ? 0 : total > 0 ? weight[m]! / total : 1 / n;
      };
      return {
        weights,
        learn: (probability, awake, label) => {
          weights(awake, own);
          let pooled = 0;
          let share = 0;
          for (let m = 0; m < models; m++) {
            if (awake[m] !== 1) continue;
            pooled += own[m]! * probability[3 * m + label]!;
            share += weight[m]!;
          }
          // What the models awake hold together stays theirs: but for the shrinkage sleepers neither gain nor lose.
          let total = 0;
          for (let m = 0; m < models; m++) {
            if (awake[m] !== 1) continue;
            own[m]! *= Math.exp(rate * Math.min(10, probability[3 * m + label]! / Math.max(1e-4, pooled)));
            total += own[m]!;
          }
          for (let m = 0; m < models; m++) {
            if (awake[m] === 1) weight[m] = (share * own[m]!) / total;
            weight[m] = (1 - shrinkage) * weight[m]! + shrinkage / models;
          }
        },
        combine: (probability, awake, out) => {
          weights(awake, own);
          mixture(probability, awake, own, out);
        },
        state: () => Array.from(weight),
      };
    },
  };
};
