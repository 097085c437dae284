import { random } from '../src/random.js';
import { boost, type BoostingRows } from '../src/models/trees/boost.js';
import { completeBoostingOptions } from '../src/models/trees/boosting-options.js';
import { binaryLogLoss } from '../src/models/trees/losses/binary.js';
import { treeScorer } from '../src/models/trees/tree-scorer.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median } from './harness/interleave.js';

/** Noise with a weak rule in it: what features of markets look like to a learner. */
const noisyRows = (count: number, width: number): BoostingRows => {
  const draw = random('boosting');
  const x = Float64Array.from({ length: count * width }, () => draw.normal());
  const target = Float64Array.from({ length: count }, (_, i) => {
    const at = i * width;
    return 0.5 * x[at]! + 0.3 * x[at + 1]! * x[at + 2]! + draw.normal() > 0 ? 1 : 0;
  });
  return {
    count,
    width,
    names: Array.from({ length: width }, (_, f) => `f${f}`),
    x,
    target,
    weight: new Float64Array(count).fill(1),
    ts: Float64Array.from({ length: count }, (_, i) => i * 3_600_000),
  };
};

/** Boosted trees: a fit of a hundred thousand rows, and what it takes to score a row. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const [rows, trees, width] = [quick ? 10_000 : 100_000, quick ? 50 : 200, 40];
    const data = noisyRows(rows, width);
    const options = completeBoostingOptions({ trees, depth: 6 });
    const fit = () => boost(data, binaryLogLoss, options, 1);
    const model = fit();
    const score = treeScorer(model.trees, width, 1, 1);
    const out = new Float64Array(1);
    const scoreAll = () => {
      for (let i = 0; i < rows; i++) score(data.x, i * width, out);
      return out;
    };
    const [fitted = []] = await interleave([{ run: fit }], { warmups: 0, rounds: quick ? 3 : 2 });
    const [scored = []] = await interleave([{ run: scoreAll }], { warmups: 1, rounds: 5 });
    const size = `${rows.toLocaleString('en-GB')} rows × ${width}, ${trees} trees of depth 6`;
    return [
      measurement(`boosting: ${size}`, median(fitted), 's', { timings: fitted, targets: [{ on: 'value', atMost: 20, text: '< 20 s' }] }),
      measurement('boosting: scoring', rows / median(scored), 'rows/s', {
        timings: scored,
        targets: [{ on: 'value', atLeast: 150_000, text: '≥ 150,000 rows/s' }],
      }),
    ];
  },
};
