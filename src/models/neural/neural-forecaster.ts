import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import { floatsAt, momentsAt, numberAt, packFloats, requireCheckpoint } from '../checkpoint-body.js';
import { classMoments } from '../class-moments.js';
import type { Checkpoint, Forecaster, Json } from '../forecaster.js';
import { requireLearnable } from '../learnable-rows.js';
import type { TrainingRows } from '../training-rows.js';
import { addProduct } from './add-product.js';
import { batchGradient, type Sample } from './batch-gradient.js';
import type { Encoder, Head } from './network.js';
import { byMatrix, glorotUniform, parameterCount, type ParameterShape } from './parameters.js';
import { loadTensorflow, useBackend, type Tensorflow, type TensorflowBackend } from './tensorflow.js';
import { train, trainingFrom, type Schedule, type TrainingState } from './train.js';
import { recentWindows, type Windows } from './windows.js';

const VERSION = 1;

/** What a network is made of and how it learns. */
export interface NeuralDesign {
  readonly kind: string;
  /** Options of the architecture, which identify it. */
  readonly architecture: { readonly [key: string]: Json };
  readonly lookback: number;
  readonly encoder: (width: number) => Encoder;
  readonly head: Head;
  readonly schedule: Schedule;
  /** Most windows to learn from, the latest. */
  readonly maxRows: number;
  readonly backend: TensorflowBackend;
}

const sampleOf = (data: TrainingRows, windows: Windows): Sample => {
  const last = Int32Array.from({ length: windows.count }, (_, w) => windows.rows[(w + 1) * windows.lookback - 1]!);
  return {
    data,
    windows,
    targets: {
      label: Uint8Array.from(last, i => data.label[i]!),
      z: Float64Array.from(last, i => data.outcome[i]! / data.scale[i]!),
      weight: Float64Array.from(last, i => data.weight[i]!),
    },
  };
};

/** The matrices of a whole network; the head's come last. */
const shapesOf = (encoder: Encoder, head: Head, bias: Float64Array): ParameterShape[] => [
  ...encoder.parameters,
  { name: 'head', rows: encoder.hidden, columns: head.outputs },
  { name: 'head-bias', rows: 1, columns: head.outputs, bias },
];

/** Writes the head's outputs for one window of features: the whole network in double precision, from single-precision weights. */
const forwardPass = (
  encoder: Encoder,
  head: Head,
  weights: Float32Array,
): ((x: Float64Array, offset: number, outputs: Float64Array) => void) => {
  const matrices = byMatrix(Float64Array.from(weights), shapesOf(encoder, head, new Float64Array(head.outputs)));
  const bias = matrices.pop()!;
  const matrix = matrices.pop()!;
  const encode = encoder.forward(matrices);
  const hidden = new Float64Array(encoder.hidden);
  return (x, offset, outputs) => {
    encode(x, offset, hidden);
    outputs.set(bias);
    addProduct(hidden, 0, hidden.length, matrix, outputs);
  };
};

/** Weighted mean loss of weights on the windows from `from` on. */
const watchedLoss = ({ data: { x, width }, windows, targets }: Sample, encoder: Encoder, head: Head, from: number) => {
  const { lookback, rows, count } = windows;
  const window = new Float64Array(lookback * width);
  const outputs = new Float64Array(head.outputs);
  const unused = new Float64Array(head.outputs);
  return (weights: Float32Array): number => {
    const pass = forwardPass(encoder, head, weights);
    let loss = 0;
    let total = 0;
    for (let w = from; w < count; w++) {
      for (let t = 0; t < lookback; t++) {
        const at = rows[w * lookback + t]! * width;
        for (let j = 0; j < width; j++) window[t * width + j] = x[at + j]!;
      }
      pass(window, 0, outputs);
      loss += targets.weight[w]! * head.loss(outputs, 0, targets.label[w]!, targets.z[w]!, unused);
      total += targets.weight[w]!;
    }
    return loss / total;
  };
};

/** The weights to predict with. */
const bestOf = (body: Checkpoint['body'], length: number): Float32Array =>
  floatsAt(body, body['best'] === null ? 'weights' : 'best', length);

const resumed = ({ body }: Checkpoint, length: number): TrainingState => ({
  weights: floatsAt(body, 'weights', length),
  adam: { mean: floatsAt(body, 'gradientMean', length), square: floatsAt(body, 'gradientSquare', length), steps: numberAt(body, 'steps') },
  epoch: numberAt(body, 'epoch'),
  best: bestOf(body, length),
  bestLoss: numberAt(body, 'bestLoss'),
  bestEpoch: numberAt(body, 'bestEpoch'),
});

/**
 * A network trained with TensorFlow.js and read by plain loops, so that a forecast needs no TensorFlow. Steps, for `stopAfter`, are epochs; a resumed training
 * gives the bits of one that never stopped, on the same back end. A warm start takes the earlier weights and a fresh optimiser. Missing features count as 0, the mean after scaling.
 * Throws a usage error for fewer than 30 windows, for one class only and when `prepare` has not been awaited.
 */
export const neuralForecaster = (design: NeuralDesign): Forecaster => {
  const { kind, architecture, lookback, head, schedule, maxRows, backend } = design;
  let loaded: Tensorflow | undefined;
  return {
    kind,
    options: {
      ...architecture,
      ...schedule,
      earlyStopping: schedule.earlyStopping && { ...schedule.earlyStopping },
      maxRows,
      backend,
    },
    lookback,
    prepare: async () => {
      loaded = await loadTensorflow(backend);
    },
    fit: (rows, seed, options = {}) => {
      if (!loaded) throw usageError('not-prepared', `${kind} has no TensorFlow yet.`, 'Await prepare() before the first fit.');
      const { width } = rows;
      const sample = sampleOf(rows, recentWindows(rows, lookback, maxRows));
      const { earlyStopping } = schedule;
      const watchedFrom = sample.windows.count - Math.floor(sample.windows.count * (earlyStopping?.share ?? 0));
      const count = earlyStopping ? Math.max(0, watchedFrom - earlyStopping.gap) : watchedFrom;
      requireLearnable(kind, sample.targets.label.subarray(0, count));
      const encoder = design.encoder(width);
      const shapes = shapesOf(encoder, head, head.bias(sample.targets));
      const size = parameterCount(shapes);
      const { resume, warmStart } = options;
      for (const given of [resume, warmStart]) if (given) requireCheckpoint(given, kind, VERSION, width);
      const state = resume
        ? resumed(resume, size)
        : trainingFrom(warmStart ? bestOf(warmStart.body, size) : glorotUniform(shapes, random(seed).fork('weights')));
      useBackend(loaded, backend);
      train(
        state,
        {
          shapes,
          count,
          hidden: encoder.hidden,
          gradientOf: batchGradient(loaded, encoder, head, shapes, sample),
          watch: watchedLoss(sample, encoder, head, watchedFrom),
        },
        schedule,
        seed,
        options,
      );
      return {
        kind,
        version: VERSION,
        width,
        body: {
          weights: packFloats(state.weights),
          gradientMean: packFloats(state.adam.mean),
          gradientSquare: packFloats(state.adam.square),
          steps: state.adam.steps,
          epoch: state.epoch,
          best: schedule.earlyStopping ? packFloats(state.best) : null,
          bestLoss: state.bestLoss,
          bestEpoch: state.bestEpoch,
          moments: { ...classMoments(rows) },
        },
      };
    },
    predictor: checkpoint => {
      requireCheckpoint(checkpoint, kind, VERSION);
      const encoder = design.encoder(checkpoint.width);
      const size = parameterCount(shapesOf(encoder, head, new Float64Array(head.outputs)));
      const moments = momentsAt(checkpoint.body, 'moments');
      const pass = forwardPass(encoder, head, bestOf(checkpoint.body, size));
      const outputs = new Float64Array(head.outputs);
      return (x, offset, scale, out) => {
        pass(x, offset, outputs);
        head.forecast(outputs, moments, scale, out);
      };
    },
  };
};
