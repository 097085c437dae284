import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { ClassMoments } from '../class-moments.js';
import type { Forecast } from '../forecast.js';
import type { ParameterShape } from './parameters.js';
import type { Tensorflow } from './tensorflow.js';

/** The body of a network: from the features of `lookback` rows to a hidden vector. Written twice: as tensors to be trained, as plain loops to predict. */
export interface Encoder {
  readonly parameters: readonly ParameterShape[];
  readonly lookback: number;
  /** Width of the hidden vector. */
  readonly hidden: number;
  /** Hidden vectors of a batch, batch × `hidden`. `rows` has one batch × width tensor for each row looked at, oldest first. */
  encode(tf: Tensorflow, parameters: readonly Tensor2D[], rows: readonly Tensor2D[]): Tensor2D;
  /** The same for one window in double precision; the caller owns what it writes to. A missing feature counts as 0. Allocates nothing per call. */
  forward(parameters: readonly Float64Array[]): (x: Float64Array, offset: number, hidden: Float64Array) => void;
}

/** What came of the rows of training, one entry a window. */
export interface Targets {
  readonly label: Uint8Array;
  /** Outcome ÷ scale. */
  readonly z: Float64Array;
  /** Mean about 1. */
  readonly weight: Float64Array;
}

/** The end of a network: from a linear map of the hidden vector (`outputs` numbers a row) to a loss, and to a forecast. */
export interface Head {
  readonly outputs: number;
  /** Where the biases begin, so that an untrained network says what happens on average. */
  bias(targets: Targets): Float64Array;
  /** Loss of one window, not weighed, by its outputs from `offset`; its derivatives by them go to the same place of `gradient`. */
  loss(outputs: Float64Array, offset: number, label: number, z: number, gradient: Float64Array): number;
  /** Turns one window's outputs into a forecast; the moments of the classes are those of the training rows. Allocates nothing. */
  forecast(outputs: Float64Array, moments: ClassMoments, scale: number, out: Forecast): void;
}
