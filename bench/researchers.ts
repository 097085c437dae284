import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobEngine } from '../src/cluster/job-engine.js';
import { inProcessEngine } from '../src/cluster/in-process.js';
import { EVALUATE, type Evaluation, type EvaluationJob, type EvaluationShared } from '../src/experiments/evaluation.js';
import { random } from '../src/random.js';
import { runConfig } from '../src/sim/run-defaults.js';
import { market, perpetual, spanOf } from './fixtures/minute-bars.js';
import { BACKENDS, emptyPlace, engineOn, startWorkers, type Backend } from './fixtures/queue-places.js';
import { measurement, type Benchmark, type Measurement } from './harness/benchmark.js';

const RESEARCHERS = 50;
const WORKERS = 2;
const ROWS = 20_000;

/** Runs by size: how often somebody wants one, and how many jobs it has. */
const SIZES = [
  { name: 'small', part: 0.7, from: 4, to: 20 },
  { name: 'middling', part: 0.25, from: 40, to: 120 },
  { name: 'large', part: 0.05, from: 400, to: 800 },
] as const;

interface Ran {
  readonly size: (typeof SIZES)[number]['name'];
  readonly researcher: number;
  readonly jobs: number;
  /** Seconds since the beginning: submitted, first result, last. */
  readonly at: number;
  readonly first: number;
  readonly last: number;
}

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
};

/**
 * Jain's index of the jobs that were done for each of those who wanted work done through the whole of a stretch: 1 when all got the same, 1/n when one got all.
 */
const fairness = (
  ran: readonly Ran[],
  results: readonly { readonly researcher: number; readonly at: number }[],
  from: number,
  to: number,
): number => {
  const backlogged = new Set(ran.filter(({ at, last }) => at <= from && last >= to).map(({ researcher }) => researcher));
  if (backlogged.size < 2) return NaN;
  const done = new Map([...backlogged].map(who => [who, 0]));
  for (const { researcher, at } of results)
    if (at >= from && at < to && done.has(researcher)) done.set(researcher, done.get(researcher)! + 1);
  const counts = [...done.values()];
  const sum = counts.reduce((a, b) => a + b, 0);
  return (sum * sum) / (counts.length * counts.reduce((a, b) => a + b * b, 0));
};

/**
 * Fifty people who submit runs of all sizes to one queue for ten minutes (`QUANTAI_SOAK_MINUTES` for another length), from one process, each with an engine of their own; two workers. A soak: it runs when it is named with
 * `--only`. Every run's results are counted, and one in twenty is made again in process and compared.
 */
const onBackend = async (
  backend: Backend,
  { quick, scratch, dist }: { quick: boolean; scratch: string; dist: string },
): Promise<Measurement[]> => {
  const place = await emptyPlace(backend, 5);
  if (place === undefined) return [measurement(`researchers: ${backend} not measured, ${BACKENDS[backend]} names none`, NaN, '')];
  const folder = join(scratch, `researchers-${backend}`);
  const lake = join(folder, 'lake');
  await mkdir(lake, { recursive: true });
  const data = market(ROWS, { timeframe: '1h', shared: true });
  const { symbol } = data.bars;
  const window = spanOf(data);
  const config = { ...runConfig({ exchange: 'bybit', ...window, symbols: [symbol], timeframe: '1h', atEnd: 'close' }), capital: 100_000 };
  const shared: EvaluationShared = {
    strategy: { builtin: 'sma-cross' },
    bundle: 'builtin:sma-cross',
    instruments: [perpetual(symbol)],
    config,
    chunks: [data.funding, data.bars],
  };
  const jobOf = (unique: number): EvaluationJob => ({
    window,
    capital: 100_000 + unique,
    configurations: Array.from({ length: 4 }, (_, i) => ({ fast: 5 + 3 * i, slow: 60 + 20 * i })),
    keep: 'metrics',
  });
  const serving = await startWorkers(place, WORKERS, { dist, folder });
  const minutes = Number(process.env['QUANTAI_SOAK_MINUTES'] ?? (quick ? 1 : 10));
  const local = inProcessEngine();
  const engines: JobEngine[] = [];
  for (let i = 0; i < RESEARCHERS; i++)
    engines.push(await engineOn(place, { lake, submitter: `researcher-${i + 1}`, run: `researcher-${i + 1}`, threads: WORKERS }));
  const begun = performance.now();
  const now = (): number => (performance.now() - begun) / 1000;
  const until = minutes * 60;
  const ran: Ran[] = [];
  const results: { readonly researcher: number; readonly at: number }[] = [];
  let [unique, lost, differing, compared] = [0, 0, 0, 0];

  const research = async (researcher: number): Promise<void> => {
    const draw = random(`researcher/${backend}/${researcher}`);
    const engine = engines[researcher]!;
    await pause(draw.next() * 20_000);
    while (now() < until) {
      const u = draw.next();
      const size = u < 0.7 ? SIZES[0] : u < 0.95 ? SIZES[1] : SIZES[2];
      const jobs = Array.from({ length: size.from + draw.int(size.to - size.from) }, () => jobOf(++unique));
      const at = now();
      let first = NaN;
      let came = 0;
      const outcomes = await engine.run<EvaluationJob, readonly Evaluation[], EvaluationShared>(EVALUATE, jobs, {
        shared,
        onResult: () => {
          if (came++ === 0) first = now();
          results.push({ researcher, at: now() });
        },
      });
      ran.push({ size: size.name, researcher, jobs: jobs.length, at, first, last: now() });
      lost += jobs.length - came + outcomes.filter(outcome => outcome.length !== 4).length;
      if (draw.int(20) === 0) {
        const [again] = await local.run<EvaluationJob, readonly Evaluation[], EvaluationShared>(EVALUATE, [jobs[0]!], { shared });
        compared++;
        if (again!.some(({ fingerprint }, i) => fingerprint !== outcomes[0]![i]!.fingerprint)) differing++;
      }
      // Looks at what came of it.
      await pause(5_000 - 15_000 * Math.log(1 - draw.next()));
    }
  };
  try {
    await Promise.all(engines.map((_, i) => research(i)));
  } finally {
    await Promise.all(engines.map(engine => engine.close()));
    await local.close();
    await serving.stop();
  }
  const elapsed = now();
  const stretches = Array.from({ length: Math.floor(until / 15) }, (_, i) => fairness(ran, results, 15 * i, 15 * (i + 1))).filter(
    Number.isFinite,
  );
  const rows = SIZES.flatMap(({ name }) => {
    const some = ran.filter(({ size }) => size === name);
    const first = some.map(run => run.first - run.at);
    const last = some.map(run => run.last - run.at);
    return [0.5, 0.9, 0.99].flatMap(q => [
      measurement(`researchers: ${backend}, ${name} runs (${some.length}), p${q * 100} to the first result`, quantile(first, q), 's'),
      measurement(`researchers: ${backend}, ${name} runs (${some.length}), p${q * 100} to the last result`, quantile(last, q), 's'),
    ]);
  });
  return [
    measurement(`researchers: ${backend}, jobs done for ${RESEARCHERS} people in ${minutes} minutes`, results.length, 'jobs'),
    measurement(`researchers: ${backend}, rate`, results.length / elapsed, 'jobs/s'),
    measurement(`researchers: ${backend}, results lost`, lost, 'jobs', { targets: [{ on: 'value', atMost: 0, text: '0' }] }),
    measurement(`researchers: ${backend}, results other than in process, of ${compared} made again`, differing, 'jobs', {
      targets: [{ on: 'value', atMost: 0, text: '0' }],
    }),
    measurement(`researchers: ${backend}, Jain’s fairness over 15 s, p50 of ${stretches.length}`, quantile(stretches, 0.5), ''),
    measurement(`researchers: ${backend}, Jain’s fairness over 15 s, p10`, quantile(stretches, 0.1), ''),
    ...rows,
  ];
};

export const benchmark: Benchmark = {
  run: async context => [...(await onBackend('postgres', context)), ...(await onBackend('redis', context))],
};
