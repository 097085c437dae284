import type { Forecast } from './forecast.js';
import type { TrainingRows } from './training-rows.js';

/** What JSON can hold. Numbers are finite: a checkpoint is written and read back exactly. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A trained model as data: everything that prediction and resumed training need, and nothing of where or when it was made. Equal trainings give equal JSON bytes. */
export interface Checkpoint {
  /** Kind of the forecaster that reads it. */
  readonly kind: string;
  /** Version of the shape. */
  readonly version: number;
  readonly width: number;
  readonly body: { readonly [key: string]: Json };
}

/** How one fit goes. */
export interface FitOptions {
  /** Go on from this checkpoint of the same recipe and the same rows as if the training had never stopped. */
  readonly resume?: Checkpoint;
  /** Begin from the weights of an earlier model on other rows, where the algorithm can; others begin anew. */
  readonly warmStart?: Checkpoint;
  /** Stop after so many steps in all (epochs, trees), to be resumed. */
  readonly stopAfter?: number;
  /** Told of the steps done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Looked at between steps; an aborted fit throws its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Writes the forecast of one row into `out`. `x` holds `lookback` × `width` scaled features from `offset`, oldest row first, the newest last; `scale` is the
 * row's standard deviation of the return over the horizon, by which class means are turned into returns. Allocates nothing.
 */
export type Predictor = (x: Float64Array, offset: number, scale: number, out: Forecast) => void;

/**
 * A way to learn forecasts from rows. `fit` is a pure function of rows, seed and options: the same give the same checkpoint bytes on every supported Node of one
 * architecture (TensorFlow: on one back end). `predictor(JSON.parse(JSON.stringify(checkpoint)))` predicts as the one in memory.
 */
export interface Forecaster {
  /** Name of the algorithm, kebab-case. */
  readonly kind: string;
  /** Every option, defaults filled in: with `kind` the identity of the recipe. */
  readonly options: { readonly [key: string]: Json };
  /** Rows of one symbol that a prediction looks at, the newest included; 1 unless it is a sequence model. */
  readonly lookback: number;
  /** Loads what fitting needs, such as a TensorFlow back end; awaited once before the first `fit`. Prediction never needs it. */
  readonly prepare?: () => Promise<void>;
  /** Throws a usage error when the rows cannot be learned from (too few, one class only). */
  readonly fit: (rows: TrainingRows, seed: number, options?: FitOptions) => Checkpoint;
  readonly predictor: (checkpoint: Checkpoint) => Predictor;
  /** Mean |contribution| of each feature to the log-odds over these rows (SHAP values where the algorithm has them); left out where there is none. */
  readonly importance?: (checkpoint: Checkpoint, rows: TrainingRows) => Float64Array;
}
