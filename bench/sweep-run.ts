import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryFeed } from '../src/datasets/memory-feed.js';
import { handle } from '../src/experiments/evaluate.js';
import type { EvaluationJob, EvaluationShared } from '../src/experiments/evaluation.js';
import { backtest } from '../src/sim/backtest.js';
import { runConfig } from '../src/sim/run-defaults.js';
import { resolveStrategy } from '../src/strategies/load.js';
import { bareLoop } from './fixtures/bare-loop.js';
import { benchConfig } from './fixtures/sma-run.js';
import { market, perpetual, spanOf } from './fixtures/minute-bars.js';
import { STREAM_STRATEGIES, type StreamStrategy } from './fixtures/stream-strategies.js';
import { measurement, type Benchmark, type Measurement } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const ROWS = 100_000;
const CAPITAL = 100_000;

/** Sweeps of strategies that are streams of their own, each from a file of a user's, over a hundred thousand hourly bars at Bybit's default costs, metrics and daily returns included, in one thread. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch }) => {
    const data = market(ROWS, { timeframe: '1h', shared: true });
    const { symbol } = data.bars;
    const window = spanOf(data);
    const config = { ...runConfig({ exchange: 'bybit', ...window, symbols: [symbol], timeframe: '1h', atEnd: 'close' }), capital: CAPITAL };
    const loop = { run: () => bareLoop(data, benchConfig([data])), repeat: 10 };
    const { signal } = new AbortController();

    const sweep = async ({ name, text, configurations: all }: StreamStrategy): Promise<Measurement> => {
      const folder = join(scratch, 'stream-strategies');
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${name}.ts`);
      await writeFile(file, text);
      const { ref, hash, strategy } = await resolveStrategy(file, { cacheDir: join(folder, 'bundles') });
      const configurations = quick ? all.slice(0, 8) : all;
      const shared: EvaluationShared = {
        strategy: ref,
        bundle: hash,
        instruments: [perpetual(symbol)],
        config,
        chunks: [data.funding, data.bars],
      };
      const job: EvaluationJob = { window, capital: CAPITAL, configurations, keep: 'returns' };
      const evaluations = await handle(job, shared, signal);
      const run = { strategy, bundle: hash, config, instruments: shared.instruments, feed: memoryFeed(shared.chunks) };
      for (const k of [0, configurations.length - 1]) {
        const engine = await backtest({ ...run, params: configurations[k] ?? {} });
        if (engine.fills.length < 100) throw new Error(`${name} hardly trades`);
        if (engine.fingerprint !== evaluations[k]?.fingerprint) throw new Error(`the sweep of ${name} gave another result than a backtest`);
      }
      const [swept = [], bare = []] = await interleave([{ run: () => handle(job, shared, signal) }, loop], {
        warmups: 2,
        rounds: quick ? 3 : 7,
      });
      const each = swept.map(seconds => seconds / configurations.length);
      return measurement(
        `sweep in the run form: ${name}, ${configurations.length} configurations`,
        ROWS / median(each),
        'configuration-bars/s',
        {
          timings: each,
          ratio: ratioOf(each, bare),
          of: 'the bare loop',
          targets: [{ on: 'value', atLeast: 4e6, text: '≥ 4 million/s a core' }],
        },
      );
    };
    const measured: Measurement[] = [];
    for (const strategy of STREAM_STRATEGIES) measured.push(await sweep(strategy));
    return measured;
  },
};
