import { backtest } from '../src/sim/backtest.js';
import { assertSameTrades, bareLoop } from './fixtures/bare-loop.js';
import { market } from './fixtures/minute-bars.js';
import { smaRun } from './fixtures/sma-run.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** One year of minute bars of one symbol through the whole platform, every fact kept, against the same trades as one loop over arrays. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rows = quick ? 131_400 : 525_600;
    const year = market(rows);
    const spec = smaRun([year]);
    const begun = performance.now();
    const first = await backtest(spec);
    const cold = (performance.now() - begun) / 1000;
    assertSameTrades(bareLoop(year, spec.config), first);
    const [engine = [], loop = []] = await interleave(
      [{ run: () => backtest(spec) }, { run: () => bareLoop(year, spec.config), repeat: 5 }],
      { warmups: 5, rounds: quick ? 5 : 9 },
    );
    return [
      measurement('engine', rows / median(engine), 'bars/s', {
        ratio: ratioOf(engine, loop),
        of: 'the bare loop',
        targets: [
          { on: 'value', atLeast: 1.5e6, text: '≥ 1.5 million bars/s (aim 3)' },
          { on: 'ratio', atMost: 60, text: '≤ 60 × the loop' },
        ],
      }),
      measurement('engine: bare loop', rows / median(loop), 'bars/s'),
      measurement('engine: first run of a process', rows / cold, 'bars/s', { ratio: cold / median(engine), of: 'engine, warm' }),
      measurement('engine: facts', (first.facts.length / rows) * 1000, 'facts per 1,000 bars'),
    ];
  },
};
