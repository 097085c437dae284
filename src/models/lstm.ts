import type { Forecaster } from './forecaster.js';
import { lstmEncoder } from './neural/lstm-encoder.js';
import { neuralForecaster } from './neural/neural-forecaster.js';
import { requireSize, scheduleOf, type TrainingOptions } from './neural/schedule-options.js';
import { softmaxHead } from './neural/softmax-head.js';

/** Architecture and training of the network. */
export interface LstmOptions extends TrainingOptions {
  /** Bars of one symbol that a forecast looks at, the newest included; 16 when left out. */
  readonly lookback?: number;
  /** Width of the state; 16 when left out. */
  readonly units?: number;
}

/**
 * Long short-term memory over the features of the latest bars of one symbol, with class probabilities at its end. Training costs about as much as that of a perceptron times the lookback: 5 epochs
 * on at most the 8,000 latest windows unless told otherwise. Throws a usage error for options out of range.
 * Source: Hochreiter & Schmidhuber (1997).
 */
export const lstm = ({ lookback = 16, units = 16, ...training }: LstmOptions = {}): Forecaster => {
  requireSize('lookback', lookback);
  requireSize('units', units);
  return neuralForecaster({
    kind: 'lstm',
    architecture: { lookback, units },
    lookback,
    encoder: width => lstmEncoder(width, lookback, units),
    head: softmaxHead(),
    ...scheduleOf(training, { epochs: 5, learningRate: 0.01, maxRows: 8_000 }),
  });
};
