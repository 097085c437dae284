import { usageError } from '../../errors.js';
import type { EnsembleRule } from './ensemble-rule.js';
import { clippedLogLoss, mixture, softmaxWeights } from './mixture.js';

/** Largest clipped log loss, nats: losses are divided by it, so that they lie in [0, 1]. */
export const LARGEST_LOSS = clippedLogLoss(0);

/** How fast weights follow losses. */
export interface HedgeOptions {
  /** Learning rate η per unit of scaled loss; √(8 ln N ÷ T) is best for T outcomes known beforehand. 0.2 when left out. */
  readonly rate?: number;
}

/**
 * Hedge (exponential weights): each outcome multiplies a model's weight by e^(−η × loss), loss being the log loss clipped at 9.2 nats and scaled to [0, 1]. The weighted mean of the
 * models' scaled losses exceeds that of the best model by at most ln N ÷ η + η T ÷ 8, for any sequence of T outcomes that are each known before the next forecast. Where no model says less
 * than 10⁻⁴ the mixture's own loss is not above that mean. A model asleep is charged what the ensemble is charged, so that its share stays. Sources: Freund & Schapire (1997); Freund, Schapire, Singer & Warmuth (1997) for sleep. Throws a usage error for a bad rate.
 */
export const hedge = (options: HedgeOptions = {}): EnsembleRule => {
  const { rate = 0.2 } = options;
  if (!(rate > 0)) throw usageError('bad-ensemble', `The rate is ${rate}.`, 'It is above 0.');
  return {
    kind: 'hedge',
    options: { rate },
    create: (models, state) => {
      const score = Float64Array.from({ length: models }, (_, m) => (state as readonly number[] | undefined)?.[m] ?? 0);
      const own = new Float64Array(models);
      const weights = (awake: Uint8Array, out: Float64Array): void => softmaxWeights(score, awake, out);
      return {
        weights,
        learn: (probability, awake, label) => {
          weights(awake, own);
          let charged = 0;
          for (let m = 0; m < models; m++)
            if (awake[m] === 1) charged += (own[m]! * clippedLogLoss(probability[3 * m + label]!)) / LARGEST_LOSS;
          for (let m = 0; m < models; m++)
            score[m]! -= rate * (awake[m] === 1 ? clippedLogLoss(probability[3 * m + label]!) / LARGEST_LOSS : charged);
          const top = Math.max(...score);
          for (let m = 0; m < models; m++) score[m]! -= top;
        },
        combine: (probability, awake, out) => {
          weights(awake, own);
          mixture(probability, awake, own, out);
        },
        state: () => Array.from(score),
      };
    },
  };
};
