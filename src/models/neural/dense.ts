import { usageError } from '../../errors.js';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { addProduct } from './add-product.js';
import type { Encoder } from './network.js';
import type { ParameterShape } from './parameters.js';
import { requireSize } from './schedule-options.js';

/** What a layer's sums pass through. */
export type Activation = 'relu' | 'tanh';

/** A stack of fully connected layers over one row. Source: Rumelhart, Hinton & Williams, Learning representations by back-propagating errors (1986). */
export const denseEncoder = (width: number, layers: readonly number[], activation: Activation): Encoder => {
  const sizes = [width, ...layers];
  return {
    lookback: 1,
    hidden: sizes.at(-1)!,
    parameters: layers.flatMap((columns, k): ParameterShape[] => [
      { name: `dense-${k}`, rows: sizes[k]!, columns },
      { name: `dense-${k}-bias`, rows: 1, columns, bias: new Float64Array(columns) },
    ]),
    encode: (tf, parameters, rows) => {
      let h: Tensor2D = rows[0]!;
      for (let k = 0; k < layers.length; k++) {
        const sum: Tensor2D = tf.add(tf.matMul(h, parameters[2 * k]!), parameters[2 * k + 1]!);
        h = activation === 'relu' ? tf.relu(sum) : tf.tanh(sum);
      }
      return h;
    },
    forward: parameters => {
      const values = layers.map(size => new Float64Array(size));
      return (x, offset, hidden) => {
        let from = x;
        let at = offset;
        for (let k = 0; k < layers.length; k++) {
          const to = values[k]!;
          to.set(parameters[2 * k + 1]!);
          addProduct(from, at, sizes[k]!, parameters[2 * k]!, to);
          for (let j = 0; j < to.length; j++) to[j] = activation === 'relu' ? Math.max(0, to[j]!) : Math.tanh(to[j]!);
          from = to;
          at = 0;
        }
        hidden.set(from);
      };
    },
  };
};

/** Throws a usage error unless there is a hidden layer and every one has a width. */
export const requireLayers = (layers: readonly number[]): void => {
  if (layers.length === 0)
    throw usageError('bad-network', 'A perceptron needs a hidden layer.', 'Use hidden [32, 16], or logistic regression.');
  for (const size of layers) requireSize('hidden', size);
};
