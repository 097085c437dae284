import { usageError } from '../../errors.js';
import type { EnsembleRule } from './ensemble-rule.js';
import { clippedLogLoss, mixture, softmaxWeights } from './mixture.js';

/** How weights follow scores. */
export interface SoftmaxLogScoreOptions {
  /** Weight of a score one outcome older, in (0, 1): 0.995 (when left out) looks back on about 200 outcomes. */
  readonly discount?: number;
  /** How sharply the better is preferred: 0 is equal weight. 20 per nat of mean log score when left out. */
  readonly sharpness?: number;
}

/**
 * Weights proportional to e^(sharpness × discounted mean log score). It reacts to how well models do on average lately, whatever the number of outcomes; it has no regret bound, and is
 * the plain rule that practitioners use (Hall & Mitchell 2007 for log-score pools). A model asleep keeps its mean.
 */
export const softmaxLogScore = (options: SoftmaxLogScoreOptions = {}): EnsembleRule => {
  const { discount = 0.995, sharpness = 20 } = options;
  if (!(discount > 0 && discount < 1)) throw usageError('bad-ensemble', `discount is ${discount}.`, 'It lies between 0 and 1.');
  if (!(sharpness >= 0)) throw usageError('bad-ensemble', `sharpness is ${sharpness}.`, 'It is 0 or more.');
  return {
    kind: 'softmax-log-score',
    options: { discount, sharpness },
    create: (models, state) => {
      const stored = state as { readonly sum: readonly number[]; readonly mass: readonly number[] } | undefined;
      const sum = Float64Array.from({ length: models }, (_, m) => stored?.sum[m] ?? 0);
      const mass = Float64Array.from({ length: models }, (_, m) => stored?.mass[m] ?? 0);
      const score = new Float64Array(models);
      const own = new Float64Array(models);
      const weights = (awake: Uint8Array, out: Float64Array): void => {
        for (let m = 0; m < models; m++) score[m] = mass[m]! > 0 ? (-sharpness * sum[m]!) / mass[m]! : 0;
        // A model without a score stands where the mean of the others stands.
        let [total, n] = [0, 0];
        for (let m = 0; m < models; m++) {
          if (!(mass[m]! > 0)) continue;
          total += score[m]!;
          n++;
        }
        if (n > 0) for (let m = 0; m < models; m++) if (!(mass[m]! > 0)) score[m] = total / n;
        softmaxWeights(score, awake, out);
      };
      return {
        weights,
        learn: (probability, awake, label) => {
          for (let m = 0; m < models; m++) {
            if (awake[m] !== 1) continue;
            sum[m] = discount * sum[m]! + clippedLogLoss(probability[3 * m + label]!);
            mass[m] = discount * mass[m]! + 1;
          }
        },
        combine: (probability, awake, out) => {
          weights(awake, own);
          mixture(probability, awake, own, out);
        },
        state: () => ({ sum: Array.from(sum), mass: Array.from(mass) }),
      };
    },
  };
};
