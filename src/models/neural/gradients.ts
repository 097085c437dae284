import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tensorflow } from './tensorflow.js';

type GradFunc = Parameters<Tensorflow['registerGradient']>[0]['gradFunc'];
type Backward = (dy: Tensor, saved: readonly Tensor[]) => ReturnType<GradFunc>;

/**
 * Tells TensorFlow.js the derivatives of the few operations that the networks are made of. Its own are in files that Node cannot import one by one, or in packages four
 * times the size; those that are there already are left alone. Operands are matrices, and are broadcast along rows only: one row added to every row.
 */
export const registerGradients = (tf: Tensorflow): void => {
  const asShaped = (gradient: Tensor, like: Tensor): Tensor =>
    like.shape[0] === 1 && gradient.shape[0] !== 1 ? tf.sum(gradient, 0, true) : gradient;
  const rule = (kernelName: string, inputsToSave: string[], outputsToSave: boolean[], backward: Backward): void => {
    if (tf.getGradient(kernelName)) return;
    // A split has a gradient for each of its parts: joined they are the gradient of the whole.
    const gradFunc: GradFunc = (dy, saved, attributes) =>
      backward(Array.isArray(dy) ? tf.concat(dy, Number(attributes['axis'])) : dy, saved);
    tf.registerGradient({ kernelName, inputsToSave, outputsToSave, gradFunc });
  };
  rule('Add', ['a', 'b'], [], (dy, [a, b]) => ({ a: () => asShaped(dy, a!), b: () => asShaped(dy, b!) }));
  rule('Sub', ['a', 'b'], [], (dy, [a, b]) => ({ a: () => asShaped(dy, a!), b: () => asShaped(tf.neg(dy), b!) }));
  rule('Multiply', ['a', 'b'], [], (dy, [a, b]) => ({
    a: () => asShaped(tf.mul(dy, b!), a!),
    b: () => asShaped(tf.mul(dy, a!), b!),
  }));
  // The product of matrices that it is told to transpose is the slow one in WebAssembly: they are transposed first.
  rule('BatchMatMul', ['a', 'b'], [], (dy, [a, b]) => ({
    a: () => tf.matMul(dy, tf.transpose(b!)),
    b: () => tf.matMul(tf.transpose(a!), dy),
  }));
  rule('SplitV', [], [], dy => ({ x: () => dy }));
  rule('Sigmoid', [], [true], (dy, [y]) => ({ x: () => tf.mul(dy, tf.mul(y!, tf.sub(1, y!))) }));
  rule('Tanh', [], [true], (dy, [y]) => ({ x: () => tf.mul(dy, tf.sub(1, tf.square(y!))) }));
  rule('Relu', ['x'], [], (dy, [x]) => ({ x: () => tf.mul(dy, tf.step(x!)) }));
};
