import type { Tensor2D } from '@tensorflow/tfjs-core';
import { addProduct } from './add-product.js';
import type { Encoder } from './network.js';
import { sigmoid } from './sigmoid.js';

/**
 * A gated recurrent unit read from the oldest row to the newest; the hidden vector is its last state. Gates in the order update, reset; the candidate sees the state
 * after the reset. An update gate of 1 keeps the state. Source: Cho et al., Learning phrase representations using RNN encoder–decoder (2014).
 */
export const gruEncoder = (width: number, lookback: number, units: number): Encoder => ({
  lookback,
  hidden: units,
  parameters: [
    { name: 'gru-input', rows: width, columns: 3 * units, fanOut: units },
    { name: 'gru-gates', rows: units, columns: 2 * units, fanOut: units },
    { name: 'gru-candidate', rows: units, columns: units },
    { name: 'gru-bias', rows: 1, columns: 3 * units, bias: new Float64Array(3 * units) },
  ],
  encode: (tf, [input, gates, candidate, bias], rows) => {
    let h: Tensor2D | undefined;
    for (const x of rows) {
      const seen: Tensor2D = tf.add(tf.matMul(x, input!), bias!);
      const [seenByGates, seenByCandidate] = tf.split(seen, [2 * units, units], 1) as [Tensor2D, Tensor2D];
      if (!h) {
        const [update] = tf.split(tf.sigmoid(seenByGates), 2, 1);
        h = tf.mul(tf.sub(1, update!), tf.tanh(seenByCandidate));
        continue;
      }
      const [update, reset] = tf.split(tf.sigmoid(tf.add(seenByGates, tf.matMul(h, gates!))), 2, 1) as [Tensor2D, Tensor2D];
      const proposed: Tensor2D = tf.tanh(tf.add(seenByCandidate, tf.matMul(tf.mul(reset, h), candidate!)));
      h = tf.add(proposed, tf.mul(update, tf.sub(h, proposed)));
    }
    return h!;
  },
  forward: ([input, gates, candidate, bias]) => {
    const sum = new Float64Array(3 * units);
    const gate = new Float64Array(2 * units);
    const proposed = new Float64Array(units);
    const kept = new Float64Array(units);
    return (x, offset, hidden) => {
      hidden.fill(0);
      for (let t = 0; t < lookback; t++) {
        sum.set(bias!);
        addProduct(x, offset + t * width, width, input!, sum);
        for (let j = 0; j < 2 * units; j++) gate[j] = sum[j]!;
        for (let j = 0; j < units; j++) proposed[j] = sum[2 * units + j]!;
        addProduct(hidden, 0, units, gates!, gate);
        for (let j = 0; j < units; j++) kept[j] = sigmoid(gate[units + j]!) * hidden[j]!;
        addProduct(kept, 0, units, candidate!, proposed);
        for (let j = 0; j < units; j++) {
          const update = sigmoid(gate[j]!);
          const p = Math.tanh(proposed[j]!);
          hidden[j] = p + update * (hidden[j]! - p);
        }
      }
    };
  },
});
