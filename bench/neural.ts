import { noForecast } from '../src/models/forecast.js';
import { gru } from '../src/models/gru.js';
import { logisticRegression } from '../src/models/logistic.js';
import { lstm } from '../src/models/lstm.js';
import { mlp } from '../src/models/mlp.js';
import { tensorflowBackends } from '../src/models/neural/tensorflow.js';
import type { TrainingRows } from '../src/models/training-rows.js';
import { random } from '../src/random.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** Rows of features without a law: what they teach costs the same as if there were one. */
const rowsOf = (count: number, width: number): TrainingRows => {
  const draw = random('neural bench');
  const normals = (n: number): Float64Array => Float64Array.from({ length: n }, () => draw.normal());
  return {
    count,
    width,
    names: Array.from({ length: width }, (_, j) => `feature ${j}`),
    x: normals(count * width),
    label: Uint8Array.from({ length: count }, () => draw.int(3)),
    outcome: normals(count),
    scale: new Float64Array(count).fill(1),
    weight: new Float64Array(count).fill(1),
    group: new Int32Array(count),
    ts: Float64Array.from({ length: count }, (_, i) => i * 3_600_000),
  };
};

/** One epoch of an LSTM, a GRU and a perceptron on each back end that loads; a logistic regression from nothing; a forecast of each. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rows = rowsOf(quick ? 512 : 2048, 40);
    const backends = (await tensorflowBackends()).filter(({ loads }) => loads).map(({ name }) => name);
    const rounds = { warmups: 1, rounds: quick ? 1 : 3 };
    const measurements = [];
    for (const make of [lstm, gru, mlp]) {
      const models = backends.map(backend => make({ epochs: 1, backend }));
      for (const model of models) await model.prepare?.();
      const timings = await interleave(
        models.map(model => ({ run: () => model.fit(rows, 1) })),
        rounds,
      );
      const { kind, lookback } = models[0]!;
      measurements.push(
        ...backends.map((backend, k) =>
          measurement(
            `${kind}, lookback ${lookback}: training on ${backend}`,
            (rows.count - lookback + 1) / median(timings[k]!),
            'rows/s',
            {
              ...(k > 0 && { ratio: ratioOf(timings[k]!, timings[0]!), of: backends[0]! }),
            },
          ),
        ),
      );
      const predict = models[0]!.predictor(models[0]!.fit(rows, 1));
      const out = noForecast();
      const [each = []] = await interleave([{ run: () => predict(rows.x, 0, 1, out), repeat: 1000 }], { warmups: 2, rounds: 5 });
      measurements.push(measurement(`${kind}, lookback ${lookback}: one forecast`, median(each) * 1e6, 'µs', { timings: each }));
    }
    const many = rowsOf(quick ? 2000 : 13_000, 60);
    const [logistic = []] = await interleave([{ run: () => logisticRegression().fit(many, 1) }], rounds);
    measurements.push(
      measurement(`logistic: ${many.count.toLocaleString('en-GB')} rows × 60 features`, median(logistic), 's', {
        timings: logistic,
        targets: [{ on: 'value', atMost: 1, text: '< 1 s' }],
      }),
    );
    return measurements;
  },
};
