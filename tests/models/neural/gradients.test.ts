import { describe, expect, test } from 'vitest';
import { addProduct } from '../../../src/models/neural/add-product.js';
import { batchGradient } from '../../../src/models/neural/batch-gradient.js';
import { denseEncoder } from '../../../src/models/neural/dense.js';
import { gruEncoder } from '../../../src/models/neural/gru-encoder.js';
import { lstmEncoder } from '../../../src/models/neural/lstm-encoder.js';
import { mixtureHead } from '../../../src/models/neural/mixture-head.js';
import type { Encoder, Head } from '../../../src/models/neural/network.js';
import { byMatrix, glorotUniform, type ParameterShape } from '../../../src/models/neural/parameters.js';
import { softmaxHead } from '../../../src/models/neural/softmax-head.js';
import { loadTensorflow, useBackend, type TensorflowBackend } from '../../../src/models/neural/tensorflow.js';
import { recentWindows } from '../../../src/models/neural/windows.js';
import { random } from '../../../src/random.js';
import { plantedRows } from '../../contracts/planted-rows.js';

const WIDTH = 4;
const NETWORKS: readonly (readonly [string, Encoder, Head])[] = [
  ['relu layers and log-odds', denseEncoder(WIDTH, [5, 3], 'relu'), softmaxHead()],
  ['tanh layers and a mixture', denseEncoder(WIDTH, [5], 'tanh'), mixtureHead(3)],
  ['an LSTM and log-odds', lstmEncoder(WIDTH, 4, 3), softmaxHead()],
  ['a GRU and a mixture', gruEncoder(WIDTH, 4, 3), mixtureHead(2)],
];

describe.each<TensorflowBackend>(['wasm', 'cpu'])('the gradient of a batch on %s', backend => {
  test.each(NETWORKS)('of %s is what differences of the loss, computed by plain loops, say', async (_name, encoder, head) => {
    const tf = await loadTensorflow(backend);
    useBackend(tf, backend);
    const data = plantedRows({ count: 40, width: WIDTH, missing: 0.1, seed: 'gradient' });
    const windows = recentWindows(data, encoder.lookback, 20);
    const last = Array.from({ length: windows.count }, (_, w) => windows.rows[(w + 1) * encoder.lookback - 1]!);
    const targets = {
      label: Uint8Array.from(last, i => data.label[i]!),
      z: Float64Array.from(last, i => data.outcome[i]! / data.scale[i]!),
      weight: Float64Array.from(last, i => data.weight[i]!),
    };
    const shapes: ParameterShape[] = [
      ...encoder.parameters,
      { name: 'head', rows: encoder.hidden, columns: head.outputs },
      { name: 'head-bias', rows: 1, columns: head.outputs, bias: head.bias(targets) },
    ];
    const draw = random('gradient');
    const weights = glorotUniform(shapes, draw).map(v => v + 0.2 * draw.normal());
    const batch = Int32Array.of(3, 0, 11, 19, 7);
    const mask = Float32Array.from({ length: batch.length * encoder.hidden }, () => (draw.next() < 0.3 ? 0 : 1.5));

    const lossAt = (flat: Float64Array): number => {
      const matrices = byMatrix(flat, shapes);
      const encode = encoder.forward(matrices.slice(0, -2));
      let loss = 0;
      batch.forEach((w, b) => {
        const x = new Float64Array(encoder.lookback * WIDTH);
        for (let t = 0; t < encoder.lookback; t++) {
          const row = windows.rows[w * encoder.lookback + t]!;
          x.set(data.x.subarray(row * WIDTH, (row + 1) * WIDTH).map(Math.fround), t * WIDTH);
        }
        const hidden = new Float64Array(encoder.hidden);
        encode(x, 0, hidden);
        hidden.forEach((v, j) => {
          hidden[j] = v * mask[b * encoder.hidden + j]!;
        });
        const outputs = matrices.at(-1)!.slice();
        addProduct(hidden, 0, encoder.hidden, matrices.at(-2)!, outputs);
        loss +=
          (targets.weight[w]! * head.loss(outputs, 0, targets.label[w]!, targets.z[w]!, new Float64Array(head.outputs))) / batch.length;
      });
      return loss;
    };

    const gradient = new Float32Array(weights.length);
    const before = tf.memory().numTensors;
    const loss = batchGradient(tf, encoder, head, shapes, { data, windows, targets })(weights, batch, mask, gradient);
    expect(tf.memory().numTensors).toBe(before);
    const flat = Float64Array.from(weights);
    expect(loss).toBeCloseTo(lossAt(flat), 5);
    for (let k = 0; k < flat.length; k++) {
      const at = flat[k]!;
      flat[k] = at + 1e-5;
      const above = lossAt(flat);
      flat[k] = at - 1e-5;
      const below = lossAt(flat);
      flat[k] = at;
      expect(Math.abs(gradient[k]! - (above - below) / 2e-5)).toBeLessThan(1e-5);
    }
  });
});
