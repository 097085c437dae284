import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import type { TrainingRows } from '../training-rows.js';
import type { Encoder, Head, Targets } from './network.js';
import { byMatrix, type ParameterShape } from './parameters.js';
import type { Tensorflow } from './tensorflow.js';
import type { Windows } from './windows.js';

/** Windows of some rows and what came of them. */
export interface Sample {
  readonly data: TrainingRows;
  readonly windows: Windows;
  readonly targets: Targets;
}

/** Gradient of the mean loss over a batch of windows by all weights; returns the loss. `mask` (batch × hidden) multiplies the hidden vectors: dropout. */
export type BatchGradient = (weights: Float32Array, batch: Int32Array, mask: Float32Array | null, gradient: Float32Array) => number;

/** Features of row `t` of each window of a batch, in single precision, missing ones 0. */
const featuresAt = ({ data: { x, width }, windows: { rows, lookback } }: Sample, batch: Int32Array, t: number): Float32Array => {
  const out = new Float32Array(batch.length * width);
  let to = 0;
  for (let b = 0; b < batch.length; b++) {
    const from = rows[batch[b]! * lookback + t]! * width;
    for (let j = 0; j < width; j++) {
      const v = x[from + j]!;
      out[to++] = Number.isNaN(v) ? 0 : v;
    }
  }
  return out;
};

/**
 * How the gradient of a network is found on the back end in force: the encoder by TensorFlow's own differentiation, the head, whose loss is written out with its derivatives,
 * as one operation of ours. The last two of `shapes` are the head's matrix and bias. No tensor is left behind.
 */
export const batchGradient = (
  tf: Tensorflow,
  encoder: Encoder,
  head: Head,
  shapes: readonly ParameterShape[],
  sample: Sample,
): BatchGradient => {
  const { width } = sample.data;
  const { label, z, weight } = sample.targets;
  return (weights, batch, mask, gradient) =>
    tf.tidy(() => {
      const parts = byMatrix(weights, shapes);
      // A copy each: a back end may keep the array it is given.
      const parameters = shapes.map(({ rows, columns }, k) => tf.variable(tf.tensor2d(parts[k]!.slice(), [rows, columns])));
      const headLoss = tf.customGrad((outputs, save) => {
        const values = Float64Array.from((outputs as Tensor2D).dataSync());
        const slopes = new Float64Array(values.length);
        let loss = 0;
        for (let b = 0; b < batch.length; b++) {
          const w = batch[b]!;
          const share = weight[w]! / batch.length;
          const at = b * head.outputs;
          loss += share * head.loss(values, at, label[w]!, z[w]!, slopes);
          for (let k = at; k < at + head.outputs; k++) slopes[k]! *= share;
        }
        const by = tf.tensor2d(Float32Array.from(slopes), [batch.length, head.outputs]);
        (save as (tensors: Tensor2D[]) => void)([by]);
        return { value: tf.scalar(loss), gradFunc: (dy, saved) => tf.mul(dy as Scalar, saved[0]!) };
      });
      try {
        const { value, grads } = tf.variableGrads(() => {
          const rows = Array.from({ length: encoder.lookback }, (_, t) => tf.tensor2d(featuresAt(sample, batch, t), [batch.length, width]));
          const bare = encoder.encode(tf, parameters as Tensor2D[], rows);
          const hidden = mask ? tf.mul(bare, tf.tensor2d(mask, [batch.length, encoder.hidden])) : bare;
          const last = shapes.length - 2;
          return headLoss(tf.add(tf.matMul(hidden, parameters[last] as Tensor2D), parameters[last + 1] as Tensor2D)) as Scalar;
        }, parameters);
        byMatrix(gradient, shapes).forEach((part, k) => part.set(grads[parameters[k]!.name]!.dataSync()));
        return value.dataSync()[0]!;
      } finally {
        // Variables outlive the tidying that takes all other tensors.
        for (const parameter of parameters) parameter.dispose();
      }
    });
};
