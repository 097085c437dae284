import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import type { FitOptions } from '../forecaster.js';
import { adamStep, type AdamOptions, type AdamState } from './adam.js';
import type { BatchGradient } from './batch-gradient.js';
import type { ParameterShape } from './parameters.js';

/** When to stop before the last epoch. */
export interface EarlyStopping {
  /** Share of the windows, the latest, that is not learned from but watched. */
  readonly share: number;
  /** Windows between the two that are left out, because their labels reach into the watched ones: the label's horizon × symbols. */
  readonly gap: number;
  /** Epochs without a new least loss after which training ends. The weights of the least loss are kept. */
  readonly patience: number;
}

/** How the passes over the windows go. */
export interface Schedule extends AdamOptions {
  readonly epochs: number;
  readonly batch: number;
  /** Share of the hidden vector that is silenced at random in each step of training. */
  readonly dropout: number;
  readonly earlyStopping: EarlyStopping | null;
}

/** A training between two epochs: all that the next one depends on but the rows and the seed. */
export interface TrainingState {
  readonly weights: Float32Array;
  readonly adam: AdamState;
  /** Epochs done. */
  epoch: number;
  /** Weights of the least watched loss; the same as `weights` while nothing is watched. */
  readonly best: Float32Array;
  bestLoss: number;
  bestEpoch: number;
}

/** A training that has not begun. */
export const trainingFrom = (weights: Float32Array): TrainingState => ({
  weights,
  adam: { mean: new Float32Array(weights.length), square: new Float32Array(weights.length), steps: 0 },
  epoch: 0,
  best: weights.slice(),
  bestLoss: Number.MAX_VALUE,
  bestEpoch: 0,
});

/** The epoch's order of the windows 0 … n − 1: Fisher & Yates's shuffle from a stream of its own. */
const shuffled = (n: number, seed: number, epoch: number): Int32Array => {
  const draw = random(seed).fork(`epoch-${epoch}`);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = draw.int(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
};

/** Zeros at the rate of dropout, and the others made larger so that the mean stays (Srivastava et al. 2014). */
const dropoutMask = (length: number, rate: number, seed: number, epoch: number, batch: number): Float32Array => {
  const draw = random(seed).fork(`dropout-${epoch}-${batch}`);
  return Float32Array.from({ length }, () => (draw.next() < rate ? 0 : 1 / (1 - rate)));
};

const diverged = (epoch: number, loss: number): Error =>
  usageError('diverged', `Training diverged in epoch ${epoch + 1}: its loss is ${loss}.`, 'Use a smaller learning rate.');

/**
 * Trains in place, epoch by epoch, over the windows 0 … `count` − 1. `watch` gives the loss of weights on the watched windows and is called after every epoch when training may
 * end early. Throws a usage error when the loss is no longer finite.
 */
export const train = (
  state: TrainingState,
  {
    shapes,
    count,
    hidden,
    gradientOf,
    watch,
  }: {
    readonly shapes: readonly ParameterShape[];
    readonly count: number;
    readonly hidden: number;
    readonly gradientOf: BatchGradient;
    readonly watch: (weights: Float32Array) => number;
  },
  schedule: Schedule,
  seed: number,
  { stopAfter = schedule.epochs, onProgress, signal }: FitOptions,
): void => {
  const { weights, adam } = state;
  const gradient = new Float32Array(weights.length);
  const decays = new Uint8Array(weights.length);
  let at = 0;
  for (const { rows, columns, bias } of shapes) decays.fill(bias ? 0 : 1, at, (at += rows * columns));
  const { batch, dropout, earlyStopping } = schedule;
  const last = Math.min(stopAfter, schedule.epochs);
  signal?.throwIfAborted();
  while (state.epoch < last && !(earlyStopping && state.epoch - state.bestEpoch >= earlyStopping.patience)) {
    const order = shuffled(count, seed, state.epoch);
    for (let from = 0; from < count; from += batch) {
      signal?.throwIfAborted();
      const chosen = order.subarray(from, Math.min(count, from + batch));
      const mask = dropout > 0 ? dropoutMask(chosen.length * hidden, dropout, seed, state.epoch, from) : null;
      const loss = gradientOf(weights, chosen, mask, gradient);
      if (!Number.isFinite(loss)) throw diverged(state.epoch, loss);
      adamStep(weights, gradient, decays, adam, schedule);
    }
    if (!weights.every(Number.isFinite)) throw diverged(state.epoch, NaN);
    state.epoch++;
    const watched = earlyStopping ? watch(weights) : -state.epoch;
    if (watched < state.bestLoss) {
      state.bestLoss = watched;
      state.bestEpoch = state.epoch;
      state.best.set(weights);
    }
    onProgress?.(state.epoch, schedule.epochs);
  }
};
