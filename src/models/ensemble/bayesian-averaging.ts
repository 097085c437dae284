import { usageError } from '../../errors.js';
import type { Json } from '../forecaster.js';
import type { EnsembleRule } from './ensemble-rule.js';
import { clippedLogLoss, mixture, softmaxWeights } from './mixture.js';

/** How weights are moved. */
export interface BayesianAveragingOptions {
  /** Power that past evidence is raised to at each outcome, in (0, 1]: 1 never forgets, 0.99 looks back on about 100 outcomes. 0.995 when left out. */
  readonly forgetting?: number;
  /** Part of one outcome's evidence that counts, in (0, 1]: outcomes of overlapping horizons and of symbols that move together repeat each other. 0.1 when left out. */
  readonly evidence?: number;
  /** Least weight of a model awake: one that is bad now must be able to come back. 0.01 when left out. */
  readonly floor?: number;
}

/**
 * Bayesian model averaging with forgetting: the weight of a model is proportional to the discounted product of the probabilities that it gave to what came. Without forgetting, at
 * full evidence and without a floor, the log loss of the mixture exceeds that of the best model by at most ln(models), for any sequence of outcomes that are each known before the next
 * forecast (Vovk, A Game of Prediction with Expert Advice, 1998); at evidence ε by at most ln(models) ÷ ε. It takes models that say 10⁻⁴ or more of every class.
 * Asleep models keep their place: they are given the loss of the mixture. Sources: Raftery, Kárný & Ettler, Technometrics 52 (2010); Freund et al. (1997) for sleep.
 */
export const bayesianAveraging = (options: BayesianAveragingOptions = {}): EnsembleRule => {
  const { forgetting = 0.995, evidence = 0.1, floor = 0.01 } = options;
  for (const [name, value] of Object.entries({ forgetting, evidence }))
    if (!(value > 0 && value <= 1)) throw usageError('bad-ensemble', `${name} is ${value}.`, 'It is above 0 and at most 1.');
  if (!(floor >= 0 && floor < 1)) throw usageError('bad-ensemble', `floor is ${floor}.`, 'It is 0 or more and below 1.');
  return {
    kind: 'bayesian-averaging',
    options: { forgetting, evidence, floor },
    create: (models, state) => {
      const score = Float64Array.from({ length: models }, (_, m) => (state as readonly number[] | undefined)?.[m] ?? 0);
      const own = new Float64Array(models);
      const weights = (awake: Uint8Array, out: Float64Array): void => {
        softmaxWeights(score, awake, out);
        let n = 0;
        for (let m = 0; m < models; m++) n += awake[m]!;
        const least = floor / Math.max(1, n);
        for (let m = 0; m < models; m++) if (awake[m] === 1) out[m] = least + (1 - floor) * out[m]!;
      };
      return {
        weights,
        learn: (probability, awake, label, combined) => {
          const asleep = clippedLogLoss(combined[label]!);
          for (let m = 0; m < models; m++) {
            const loss = awake[m] === 1 ? clippedLogLoss(probability[3 * m + label]!) : asleep;
            score[m] = forgetting * score[m]! - evidence * loss;
          }
          // Only differences count; the level would grow without end.
          const top = Math.max(...score);
          for (let m = 0; m < models; m++) score[m]! -= top;
        },
        combine: (probability, awake, out) => {
          weights(awake, own);
          mixture(probability, awake, own, out);
        },
        state: (): Json => Array.from(score),
      };
    },
  };
};
