import { probabilityOfOverfitting } from '../src/experiments/overfitting/pbo.js';
import { random } from '../src/random.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** Every split of a search's returns into halves of sixteen blocks, against reading them once for each split. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const [configurations, days, blocks, splits] = [100, 2_000, quick ? 10 : 16, quick ? 252 : 12_870];
    const draw = random('bench/overfitting');
    const returns = Array.from({ length: configurations }, () => Float64Array.from({ length: days }, () => 0.01 * draw.normal()));
    /** The least that a search through all splits does without knowing better: one addition a split, configuration and block. */
    const bare = (): number => {
      let total = 0;
      for (let s = 0; s < splits; s++) for (const column of returns) for (let b = 0; b < blocks; b++) total += column[b]!;
      return total;
    };
    const [pbo = [], pass = []] = await interleave([{ run: () => probabilityOfOverfitting(returns, blocks) }, { run: bare }], {
      warmups: 1,
      rounds: 5,
    });
    return [
      measurement(`overfitting: PBO of ${configurations} × ${days.toLocaleString('en-GB')} days, S = ${blocks}`, median(pbo), 's', {
        timings: pbo,
        ratio: ratioOf(pbo, pass),
        of: 'an addition a split, configuration and block',
        targets: [{ on: 'value', atMost: 5, text: '< 5 s' }],
      }),
    ];
  },
};
