import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JobEngine } from '../src/cluster/job-engine.js';
import { piscinaEngine } from '../src/cluster/piscina.js';
import type { Params } from '../src/engine/run-result.js';
import { EVALUATE, type Evaluation, type EvaluationJob, type EvaluationShared } from '../src/experiments/evaluation.js';
import { memoryFeed } from '../src/datasets/memory-feed.js';
import { random } from '../src/random.js';
import { backtest } from '../src/sim/backtest.js';
import { runConfig } from '../src/sim/run-defaults.js';
import smaCross from '../src/strategies/builtin/sma-cross.js';
import { market, perpetual, spanOf } from './fixtures/minute-bars.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const ROWS = 100_000;
const CONFIGURATIONS = 1_000;
/** Configurations a job, as a sweep sends them. */
const PER_JOB = 16;
const CAPITAL = 100_000;

/** Work that nothing shares and nothing waits for: what a second worker is worth on this machine at this moment. */
const LOOP = `export const handle = rounds => {
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
};
`;

/** A thousand pairs of fast 5–60 and slow 20–240, in an order in which any first part of them is like the whole. */
const grid = (): Params[] => {
  const pairs: Params[] = [];
  for (let fast = 5; fast <= 60; fast += 2) for (let slow = 20; slow <= 240; slow += 5) if (fast < slow) pairs.push({ fast, slow });
  const draw = random('bench/sweep');
  for (let i = pairs.length - 1; i > 0; i--) {
    const j = draw.int(i + 1);
    [pairs[i], pairs[j]] = [pairs[j]!, pairs[i]!];
  }
  return pairs.slice(0, CONFIGURATIONS);
};

/** A thousand configurations of sma-cross over a hundred thousand hourly bars at Bybit's default costs, metrics and daily returns included, on one worker and on two; and what two workers are worth to a loop of plain arithmetic. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch }) => {
    const data = market(ROWS, { timeframe: '1h', shared: true });
    const { symbol } = data.bars;
    const window = spanOf(data);
    const config = { ...runConfig({ exchange: 'bybit', ...window, symbols: [symbol], timeframe: '1h', atEnd: 'close' }), capital: CAPITAL };
    const shared: EvaluationShared = {
      strategy: { builtin: 'sma-cross' },
      bundle: 'builtin:sma-cross',
      instruments: [perpetual(symbol)],
      config,
      chunks: [data.funding, data.bars],
    };
    const pairs = quick ? grid().slice(0, 96) : grid();
    const few = pairs.slice(0, pairs.length / 4);
    const sweep = async (on: JobEngine, configurations: readonly Params[]): Promise<readonly Evaluation[]> => {
      const jobs: EvaluationJob[] = [];
      for (let i = 0; i < configurations.length; i += PER_JOB)
        jobs.push({ window, capital: CAPITAL, configurations: configurations.slice(i, i + PER_JOB), keep: 'returns' });
      return (await on.run<EvaluationJob, readonly Evaluation[], EvaluationShared>(EVALUATE, jobs, { shared })).flat();
    };
    const file = join(scratch, 'arithmetic-loop.mjs');
    await writeFile(file, LOOP);
    const handler = pathToFileURL(file).href;
    const loops = (on: JobEngine): Promise<number[]> =>
      on.run<number, number>(
        handler,
        Array.from({ length: 64 }, () => 8_000_000),
      );
    const alone = piscinaEngine({ workers: 1 });
    const both = piscinaEngine({ workers: 2 });
    try {
      const [once, twice] = [await sweep(alone, few), await sweep(both, few)];
      if (once.some(({ fingerprint }, i) => fingerprint !== twice[i]?.fingerprint))
        throw new Error('two workers gave another result than one');
      const engine = await backtest({
        strategy: smaCross,
        params: few[0]!,
        bundle: shared.bundle,
        config,
        instruments: shared.instruments,
        feed: memoryFeed(shared.chunks),
      });
      if (engine.fingerprint !== once[0]?.fingerprint) throw new Error('the sweep gave another result than a backtest');
      const [single = [], double = [], loop = [], loopBoth = []] = await interleave(
        [{ run: () => sweep(alone, few) }, { run: () => sweep(both, pairs) }, { run: () => loops(alone) }, { run: () => loops(both) }],
        { warmups: 1, rounds: quick ? 3 : 5 },
      );
      const one = single.map(seconds => (few.length * ROWS) / seconds);
      const two = double.map(seconds => (pairs.length * ROWS) / seconds);
      const scaling = one.map((rate, i) => two[i]! / rate);
      const ideal = loop.map((seconds, i) => seconds / loopBoth[i]!);
      const text = `${pairs.length.toLocaleString('en-GB')} configurations × ${ROWS.toLocaleString('en-GB')} bars`;
      return [
        measurement(`sweep: one worker, ${text}`, median(one), 'configuration-bars/s', {
          targets: [{ on: 'value', atLeast: 3e6, text: '≥ 3 million/s a core' }],
        }),
        measurement('sweep: two workers, for each core', median(two) / 2, 'configuration-bars/s', {
          targets: [{ on: 'value', atLeast: 3e6, text: '≥ 3 million/s a core' }],
        }),
        measurement('sweep: two workers against one', median(scaling), 'times', {
          ratio: ratioOf(scaling, ideal),
          of: 'what two are worth to plain arithmetic',
          targets: [{ on: 'ratio', atLeast: 0.9, text: '≥ 0.9 ×' }],
        }),
        measurement('arithmetic: two workers against one', median(ideal), 'times'),
      ];
    } finally {
      await alone.close();
      await both.close();
    }
  },
};
