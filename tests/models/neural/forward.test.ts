import type { Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { denseEncoder } from '../../../src/models/neural/dense.js';
import { gruEncoder } from '../../../src/models/neural/gru-encoder.js';
import { lstmEncoder } from '../../../src/models/neural/lstm-encoder.js';
import type { Encoder } from '../../../src/models/neural/network.js';
import { byMatrix, glorotUniform } from '../../../src/models/neural/parameters.js';
import { loadTensorflow, useBackend, type TensorflowBackend } from '../../../src/models/neural/tensorflow.js';
import { random } from '../../../src/random.js';

const WIDTH = 6;
const BATCH = 5;

const ENCODERS: readonly (readonly [string, Encoder])[] = [
  ['one relu layer', denseEncoder(WIDTH, [7], 'relu')],
  ['three tanh layers', denseEncoder(WIDTH, [7, 3, 5], 'tanh')],
  ['an LSTM', lstmEncoder(WIDTH, 9, 5)],
  ['an LSTM of one row', lstmEncoder(WIDTH, 1, 4)],
  ['a GRU', gruEncoder(WIDTH, 9, 5)],
  ['a GRU of one row', gruEncoder(WIDTH, 1, 4)],
];

describe.each<TensorflowBackend>(['wasm', 'cpu'])('plain loops and tensors on %s say the same', backend => {
  test.each(ENCODERS)('of %s', async (_name, encoder) => {
    const tf = await loadTensorflow(backend);
    useBackend(tf, backend);
    const draw = random('forward');
    const flat = glorotUniform(encoder.parameters, draw).map(v => 2 * v + 0.1 * draw.normal());
    const windows = Array.from({ length: BATCH }, () =>
      Float64Array.from({ length: encoder.lookback * WIDTH }, () => Math.fround(2 * draw.normal())),
    );
    const tensors = tf.tidy(() => {
      const parameters = byMatrix(flat, encoder.parameters).map((part, k) =>
        tf.tensor2d(part.slice(), [encoder.parameters[k]!.rows, encoder.parameters[k]!.columns]),
      );
      const rows = Array.from({ length: encoder.lookback }, (_, t) =>
        tf.tensor2d(windows.map(w => [...w.subarray(t * WIDTH, (t + 1) * WIDTH)])),
      );
      return encoder
        .encode(tf, parameters as Tensor2D[], rows)
        .dataSync()
        .slice();
    });
    const forward = encoder.forward(byMatrix(Float64Array.from(flat), encoder.parameters));
    const hidden = new Float64Array(encoder.hidden);
    windows.forEach((window, b) => {
      forward(window, 0, hidden);
      hidden.forEach((value, j) =>
        expect(Math.abs(value - tensors[b * encoder.hidden + j]!)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value))),
      );
    });
  });
});

describe('the forward pass', () => {
  test.each(ENCODERS)('of %s counts a missing feature as 0 and reads from the offset given', (_name, encoder) => {
    const draw = random('missing');
    const forward = encoder.forward(byMatrix(Float64Array.from(glorotUniform(encoder.parameters, draw)), encoder.parameters));
    const size = encoder.lookback * WIDTH;
    const x = Float64Array.from({ length: size }, (_, k) => (k % 4 === 0 ? NaN : draw.normal()));
    const [a, b] = [new Float64Array(encoder.hidden), new Float64Array(encoder.hidden)];
    forward(x, 0, a);
    const shifted = new Float64Array(size + 3).fill(9);
    shifted.set(
      x.map(v => (Number.isNaN(v) ? 0 : v)),
      3,
    );
    forward(shifted, 3, b);
    expect(a).toEqual(b);
    expect(a.some(v => v !== 0)).toBe(true);
  });

  test('of an LSTM is the recurrence of Gers et al. worked out by hand', () => {
    // One unit, one feature, two rows: input weights i, f, o, g = 1, 2, 3, 0.5; state weights 0.1, 0.2, 0.3, 0.4; biases 0, 1, 0, 0.
    const forward = lstmEncoder(1, 2, 1).forward([
      Float64Array.of(1, 2, 3, 0.5),
      Float64Array.of(0.1, 0.2, 0.3, 0.4),
      Float64Array.of(0, 1, 0, 0),
    ]);
    const s = (v: number): number => 1 / (1 + Math.exp(-v));
    const [x1, x2] = [0.7, -0.4];
    const c1 = s(x1) * Math.tanh(0.5 * x1);
    const h1 = s(3 * x1) * Math.tanh(c1);
    const c2 = s(2 * x2 + 0.2 * h1 + 1) * c1 + s(x2 + 0.1 * h1) * Math.tanh(0.5 * x2 + 0.4 * h1);
    const h2 = s(3 * x2 + 0.3 * h1) * Math.tanh(c2);
    const hidden = new Float64Array(1);
    forward(Float64Array.of(x1, x2), 0, hidden);
    expect(hidden[0]).toBeCloseTo(h2, 14);
  });

  test('of a GRU is the recurrence of Cho et al. worked out by hand', () => {
    const forward = gruEncoder(1, 2, 1).forward([
      Float64Array.of(1, 2, 0.5),
      Float64Array.of(0.1, 0.2),
      Float64Array.of(0.4),
      Float64Array.of(0.3, -0.1, 0.2),
    ]);
    const s = (v: number): number => 1 / (1 + Math.exp(-v));
    const step = (x: number, h: number): number => {
      const z = s(x + 0.1 * h + 0.3);
      const r = s(2 * x + 0.2 * h - 0.1);
      return z * h + (1 - z) * Math.tanh(0.5 * x + 0.4 * (r * h) + 0.2);
    };
    const hidden = new Float64Array(1);
    forward(Float64Array.of(0.7, -0.4), 0, hidden);
    expect(hidden[0]).toBeCloseTo(step(-0.4, step(0.7, 0)), 14);
  });
});
