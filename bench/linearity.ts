import { backtest } from '../src/sim/backtest.js';
import { market } from './fixtures/minute-bars.js';
import { smaRun } from './fixtures/sma-run.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** Ten times the bars, everything kept: how many times the time? */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rows = quick ? 20_000 : 100_000;
    const [short, long] = [smaRun([market(rows)]), smaRun([market(10 * rows)])];
    const [one = [], ten = []] = await interleave([{ run: () => backtest(short), repeat: 5 }, { run: () => backtest(long) }], {
      warmups: 4,
      rounds: quick ? 5 : 9,
    });
    return [
      measurement(`linearity: ${(10 * rows).toLocaleString('en-GB')} bars`, median(ten), 's', {
        timings: ten,
        ratio: ratioOf(ten, one),
        of: 'a tenth of the bars',
        targets: [{ on: 'ratio', atMost: 11, text: '≤ 11 ×' }],
      }),
    ];
  },
};
