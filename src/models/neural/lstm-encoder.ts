import type { Tensor2D } from '@tensorflow/tfjs-core';
import { addProduct } from './add-product.js';
import type { Encoder } from './network.js';
import { sigmoid } from './sigmoid.js';

/** Forget gates begin open, so that early training is not blind to what lies back. */
const OPEN = 1;

/**
 * A long short-term memory read from the oldest row to the newest; the hidden vector is its last output. Gates in the order input, forget, output, candidate. Sources:
 * Hochreiter & Schmidhuber (1997); Gers, Schmidhuber & Cummins (2000) for the forget gate; Jozefowicz, Zaremba & Sutskever (2015) for its bias of 1.
 */
export const lstmEncoder = (width: number, lookback: number, units: number): Encoder => ({
  lookback,
  hidden: units,
  parameters: [
    { name: 'lstm-input', rows: width, columns: 4 * units, fanOut: units },
    { name: 'lstm-state', rows: units, columns: 4 * units, fanOut: units },
    {
      name: 'lstm-bias',
      rows: 1,
      columns: 4 * units,
      bias: Float64Array.from({ length: 4 * units }, (_, j) => (j >= units && j < 2 * units ? OPEN : 0)),
    },
  ],
  encode: (tf, [input, state, bias], rows) => {
    let h: Tensor2D | undefined;
    let c: Tensor2D | undefined;
    for (const x of rows) {
      const seen: Tensor2D = tf.add(tf.matMul(x, input!), bias!);
      const sum: Tensor2D = h ? tf.add(seen, tf.matMul(h, state!)) : seen;
      const [gates, candidate] = tf.split(sum, [3 * units, units], 1);
      const [i, f, o] = tf.split(tf.sigmoid(gates!), 3, 1);
      const written: Tensor2D = tf.mul(i!, tf.tanh(candidate!));
      c = c ? tf.add(tf.mul(f!, c), written) : written;
      h = tf.mul(o!, tf.tanh(c));
    }
    return h!;
  },
  forward: ([input, state, bias]) => {
    const sum = new Float64Array(4 * units);
    const cell = new Float64Array(units);
    return (x, offset, hidden) => {
      hidden.fill(0);
      cell.fill(0);
      for (let t = 0; t < lookback; t++) {
        sum.set(bias!);
        addProduct(x, offset + t * width, width, input!, sum);
        addProduct(hidden, 0, units, state!, sum);
        for (let j = 0; j < units; j++) {
          const kept = sigmoid(sum[units + j]!) * cell[j]!;
          cell[j] = kept + sigmoid(sum[j]!) * Math.tanh(sum[3 * units + j]!);
          hidden[j] = sigmoid(sum[2 * units + j]!) * Math.tanh(cell[j]!);
        }
      }
    };
  },
});
