import type { JobEngine } from '../src/cluster/job-engine.js';
import { inProcessEngine } from '../src/cluster/in-process.js';
import { piscinaEngine } from '../src/cluster/piscina.js';
import { rolling } from '../src/experiments/splits/rolling.js';
import { walkForward, type WalkForwardResult } from '../src/experiments/walk-forward.js';
import smaCross from '../src/strategies/builtin/sma-cross.js';
import { market, perpetual, spanOf } from './fixtures/minute-bars.js';
import { benchConfig } from './fixtures/sma-run.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const MINUTES_A_DAY = 1440;

/** Configurations × bars that a walk-forward decides on, a second: on one core, and on two worker threads that share the columns. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const days = quick ? 20 : 60;
    const data = market(days * MINUTES_A_DAY, { shared: true });
    const folds = rolling(spanOf(data), { train: `${days / 2}d`, test: `${days / 10}d` });
    const on = (engine: JobEngine): Promise<WalkForwardResult> =>
      walkForward({
        runId: 'bench',
        strategy: { ref: { builtin: 'sma-cross' }, hash: 'builtin:sma-cross', strategy: smaCross },
        config: benchConfig([data]),
        instruments: [perpetual(data.bars.symbol)],
        data: { version: 'bench', chunks: [data.funding, data.bars] },
        folds,
        sampler: { kind: 'grid', points: quick ? 3 : 5 },
        objective: { metric: 'sharpe', minimumTrades: 1 },
        engine,
      });
    const workers = piscinaEngine({ workers: 2 });
    try {
      const [alone, both] = [await on(inProcessEngine()), await on(workers)];
      if (alone.fingerprint !== both.fingerprint) throw new Error('two workers gave another result than one');
      const bars = alone.folds.reduce(
        (sum, { candidates, train, test }) => sum + candidates.length * ((train.to - train.from) / 60_000) + (test.to - test.from) / 60_000,
        0,
      );
      const [single = [], double = []] = await interleave([{ run: () => on(inProcessEngine()) }, { run: () => on(workers) }], {
        warmups: 1,
        rounds: quick ? 3 : 5,
      });
      return [
        measurement('walk-forward: one core', bars / median(single), 'configuration-bars/s', { timings: single }),
        measurement('walk-forward: two workers', bars / median(double), 'configuration-bars/s', {
          timings: double,
          ratio: ratioOf(double, single),
          of: 'one core',
        }),
      ];
    } finally {
      await workers.close();
    }
  },
};
