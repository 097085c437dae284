import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JobEngine } from '../src/cluster/job-engine.js';
import { piscinaEngine } from '../src/cluster/piscina.js';
import type { Params } from '../src/engine/run-result.js';
import { EVALUATE, type Evaluation, type EvaluationJob, type EvaluationShared } from '../src/experiments/evaluation.js';
import { memoryFeed } from '../src/datasets/memory-feed.js';
import { backtest } from '../src/sim/backtest.js';
import { runConfig } from '../src/sim/run-defaults.js';
import { resolveStrategy } from '../src/strategies/load.js';
import { decideStrategies, type DecideStrategy } from './fixtures/decide-strategies.js';
import { market, perpetual, spanOf } from './fixtures/minute-bars.js';
import { measurement, type Benchmark, type Measurement } from './harness/benchmark.js';
import { interleave, median, processorClock, ratioOf } from './harness/interleave.js';

const ROWS = 100_000;
const CONFIGURATIONS = 1_000;
/** Configurations a job, as a sweep sends them. */
const PER_JOB = 16;
const CAPITAL = 100_000;
const TARGET = { on: 'value', atLeast: 13e6, text: '≥ 13 million/s a core' } as const;

/** Work that nothing shares and nothing waits for: what a second worker is worth on this machine at this moment. */
const LOOP = `export const handle = rounds => {
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
};
`;

/**
 * A thousand configurations of each of three strategies over a hundred thousand hourly bars at Bybit's default costs, metrics and daily returns included, on one worker that meets them all; then what a second worker adds, beside what two
 * are worth to a loop of plain arithmetic.
 */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch }) => {
    const data = market(ROWS, { timeframe: '1h', shared: true });
    const { symbol } = data.bars;
    const window = spanOf(data);
    const config = { ...runConfig({ exchange: 'bybit', ...window, symbols: [symbol], timeframe: '1h', atEnd: 'close' }), capital: CAPITAL };
    const chunks = [data.funding, data.bars];
    const sweep = async (on: JobEngine, shared: EvaluationShared, configurations: readonly Params[]): Promise<readonly Evaluation[]> => {
      const jobs: EvaluationJob[] = [];
      for (let i = 0; i < configurations.length; i += PER_JOB)
        jobs.push({ window, capital: CAPITAL, configurations: configurations.slice(i, i + PER_JOB), keep: 'returns' });
      return (await on.run<EvaluationJob, readonly Evaluation[], EvaluationShared>(EVALUATE, jobs, { shared })).flat();
    };
    const folder = join(scratch, 'decide-strategies');
    await mkdir(folder, { recursive: true });
    /** What workers share of a strategy, once the engine has said that a sweep tells the truth. */
    const ready = async (on: JobEngine, { name, text, configurations }: DecideStrategy): Promise<EvaluationShared> => {
      const file = join(folder, `${name}.ts`);
      if (text !== undefined) await writeFile(file, text);
      const { ref, hash, strategy } = await resolveStrategy(text === undefined ? name : file, { cacheDir: join(folder, 'bundles') });
      const shared: EvaluationShared = { strategy: ref, bundle: hash, instruments: [perpetual(symbol)], config, chunks };
      const few = configurations.slice(0, 2 * PER_JOB);
      const swept = await sweep(on, shared, few);
      const run = { strategy, bundle: hash, config, instruments: shared.instruments };
      for (const k of [0, few.length - 1]) {
        const engine = await backtest({ ...run, params: few[k]!, feed: memoryFeed(chunks) });
        if (engine.fills.length < 100) throw new Error(`${name} hardly trades`);
        if (engine.fingerprint !== swept[k]?.fingerprint) throw new Error(`the sweep of ${name} gave another result than a backtest`);
      }
      return shared;
    };
    const loopFile = join(scratch, 'arithmetic-loop.mjs');
    await writeFile(loopFile, LOOP);
    const loops = (on: JobEngine): Promise<number[]> =>
      on.run<number, number>(
        pathToFileURL(loopFile).href,
        Array.from({ length: 64 }, () => 8_000_000),
      );
    const alone = piscinaEngine({ workers: 1 });
    const both = piscinaEngine({ workers: 2 });
    try {
      const strategies = decideStrategies(quick ? 96 : CONFIGURATIONS);
      const shared: EvaluationShared[] = [];
      for (const strategy of strategies) shared.push(await ready(alone, strategy));
      const size = ({ configurations: { length } }: DecideStrategy): string =>
        `${length.toLocaleString('en-GB')} configurations × ${ROWS.toLocaleString('en-GB')} bars`;
      const rounds = quick ? 3 : 4;
      const swept = await interleave(
        strategies.map(({ configurations }, k) => ({ run: () => sweep(alone, shared[k]!, configurations) })),
        { warmups: 1, rounds, clock: processorClock },
      );
      const measured: Measurement[] = strategies.map((strategy, k) => {
        const rates = swept[k]!.map(seconds => (strategy.configurations.length * ROWS) / seconds);
        return measurement(`sweep: ${strategy.name}, ${size(strategy)}`, median(rates), 'configuration-bars/s', {
          timings: rates,
          targets: [TARGET],
          note: 'a second of processor time, of all threads',
        });
      });
      const [first] = strategies as [DecideStrategy, ...DecideStrategy[]];
      const averages = shared[0]!;
      const few = first.configurations.slice(0, Math.ceil(first.configurations.length / 2));
      const [once, twice] = [await sweep(alone, averages, few), await sweep(both, averages, few)];
      if (once.some(({ fingerprint }, i) => fingerprint !== twice[i]?.fingerprint))
        throw new Error('two workers gave another result than one');
      const [single = [], double = [], loop = [], loopBoth = []] = await interleave(
        [
          { run: () => sweep(alone, averages, few) },
          { run: () => sweep(both, averages, first.configurations) },
          { run: () => loops(alone) },
          { run: () => loops(both) },
        ],
        { warmups: 1, rounds },
      );
      const one = single.map(seconds => (few.length * ROWS) / seconds);
      const two = double.map(seconds => (first.configurations.length * ROWS) / seconds);
      const scaling = one.map((rate, i) => two[i]! / rate);
      const ideal = loop.map((seconds, i) => seconds / loopBoth[i]!);
      return [
        ...measured,
        measurement(`sweep: two workers, for each core, ${first.name}`, median(two) / 2, 'configuration-bars/s', {
          timings: two,
          targets: [TARGET],
        }),
        measurement('sweep: two workers against one', median(scaling), 'times', {
          timings: scaling,
          ratio: ratioOf(scaling, ideal),
          of: 'what two are worth to plain arithmetic',
          targets: [{ on: 'ratio', atLeast: 0.9, text: '≥ 0.9 ×' }],
        }),
        measurement('arithmetic: two workers against one', median(ideal), 'times', { timings: ideal }),
      ];
    } finally {
      await alone.close();
      await both.close();
    }
  },
};
