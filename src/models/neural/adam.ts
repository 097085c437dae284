import { power } from '../../numeric/pow.js';

/** How steps are taken. */
export interface AdamOptions {
  readonly learningRate: number;
  /** Share of each weight, times the learning rate, that is taken away in a step; biases are left alone. */
  readonly weightDecay: number;
  /** Longest gradient, as a Euclidean norm; longer ones are shortened to it. */
  readonly clipNorm: number;
}

/** Memory of the optimiser, in single precision like the weights. */
export interface AdamState {
  /** Mean of the gradients. */
  readonly mean: Float32Array;
  /** Mean of their squares. */
  readonly square: Float32Array;
  /** Steps done. */
  steps: number;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * One step of Adam with decoupled weight decay, in place: computed in double precision, kept in single, so that a state written down and read back goes on to the bit.
 * `decays` has 1 where a weight decays. Sources: Kingma & Ba, Adam (2015); Loshchilov & Hutter, Decoupled weight decay regularization (2019); Pascanu,
 * Mikolov & Bengio (2013) for the clipped norm.
 */
export const adamStep = (
  weights: Float32Array,
  gradient: Float32Array,
  decays: Uint8Array,
  state: AdamState,
  { learningRate, weightDecay, clipNorm }: AdamOptions,
): void => {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const norm = Math.sqrt(squares);
  const shorten = norm > clipNorm ? clipNorm / norm : 1;
  state.steps++;
  const rate = learningRate / (1 - power(BETA1, state.steps));
  const unbias = 1 / (1 - power(BETA2, state.steps));
  const { mean, square } = state;
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i]! * shorten;
    const m = BETA1 * mean[i]! + (1 - BETA1) * g;
    const s = BETA2 * square[i]! + (1 - BETA2) * g * g;
    mean[i] = m;
    square[i] = s;
    const w = weights[i]!;
    weights[i] = w - (rate * m) / (Math.sqrt(s * unbias) + EPSILON) - learningRate * weightDecay * decays[i]! * w;
  }
};
