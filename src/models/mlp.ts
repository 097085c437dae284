import { denseEncoder, requireLayers, type Activation } from './neural/dense.js';
import type { Forecaster } from './forecaster.js';
import { neuralForecaster } from './neural/neural-forecaster.js';
import { scheduleOf, type TrainingOptions } from './neural/schedule-options.js';
import { softmaxHead } from './neural/softmax-head.js';

/** Architecture and training of a multilayer perceptron. */
export interface MlpOptions extends TrainingOptions {
  /** Width of each hidden layer; [32, 16] when left out. */
  readonly hidden?: readonly number[];
  /** `tanh` when left out. */
  readonly activation?: Activation;
}

/**
 * Multilayer perceptron over the features of one bar, with class probabilities at its end: what logistic regression is, with the features bent first. Trained for 15 epochs
 * on at most the 20,000 latest rows unless told otherwise. Throws a usage error for options out of range.
 * Source: Rumelhart, Hinton & Williams (1986).
 */
export const mlp = ({ hidden = [32, 16], activation = 'tanh', ...training }: MlpOptions = {}): Forecaster => {
  requireLayers(hidden);
  return neuralForecaster({
    kind: 'mlp',
    architecture: { hidden: [...hidden], activation },
    lookback: 1,
    encoder: width => denseEncoder(width, hidden, activation),
    head: softmaxHead(),
    ...scheduleOf(training, { epochs: 15, learningRate: 0.003, maxRows: 20_000 }),
  });
};
