import type { Forecaster } from './forecaster.js';
import { denseEncoder, requireLayers, type Activation } from './neural/dense.js';
import { mixtureHead } from './neural/mixture-head.js';
import { neuralForecaster } from './neural/neural-forecaster.js';
import { requireSize, scheduleOf, type TrainingOptions } from './neural/schedule-options.js';

/** Architecture and training of a mixture density network. */
export interface MixtureDensityOptions extends TrainingOptions {
  /** Normal densities that are mixed; 3 when left out. */
  readonly components?: number;
  /** Width of each hidden layer; [32, 16] when left out. */
  readonly hidden?: readonly number[];
  /** `tanh` when left out. */
  readonly activation?: Activation;
}

/**
 * Perceptron with two ends: class probabilities, and a mixture of normal densities of outcome ÷ scale. Unlike the other forecasters its mean and standard deviation do
 * not follow from the class probabilities: it can expect a wider outcome without a likelier one. Trained for 15 epochs on at most the 20,000 latest rows unless told otherwise.
 * Throws a usage error for options out of range. Source: Bishop, Mixture density networks (1994).
 */
export const mixtureDensity = ({
  components = 3,
  hidden = [32, 16],
  activation = 'tanh',
  ...training
}: MixtureDensityOptions = {}): Forecaster => {
  requireSize('components', components);
  requireLayers(hidden);
  return neuralForecaster({
    kind: 'mixture-density',
    architecture: { components, hidden: [...hidden], activation },
    lookback: 1,
    encoder: width => denseEncoder(width, hidden, activation),
    head: mixtureHead(components),
    ...scheduleOf(training, { epochs: 15, learningRate: 0.003, maxRows: 20_000 }),
  });
};
