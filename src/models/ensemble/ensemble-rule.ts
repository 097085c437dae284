import type { Json } from '../forecaster.js';

/**
 * Weights of several models, moved by matured outcomes only. A model that gave no forecast for a row is asleep there: it is neither weighed nor judged.
 * Vectors are by model, in the order given at creation; probabilities are models × 3, row-major (down, flat, up), NaN for a model asleep.
 */
export interface OnlineEnsemble {
  /** Writes the weights now into `out`: non-negative, adding up to 1 over the models awake, 0 for those asleep. */
  weights(awake: Uint8Array, out: Float64Array): void;
  /** One matured outcome: what each model had said of it when it was asked, and the class that came. `combined` is what the ensemble itself had said. */
  learn(probability: Float64Array, awake: Uint8Array, label: number, combined: Float64Array): void;
  /** Writes the ensemble's probabilities for one row into `out` (3 numbers); the weighted mean of the models awake unless the rule says otherwise. */
  combine(probability: Float64Array, awake: Uint8Array, out: Float64Array): void;
  /** The whole state, to be stored and restored exactly. */
  state(): Json;
}

/** A way to weigh models. */
export interface EnsembleRule {
  readonly kind: string;
  readonly options: { readonly [key: string]: Json };
  /** A fresh ensemble of so many models, or one that goes on from a stored state. */
  readonly create: (models: number, state?: Json) => OnlineEnsemble;
}
