import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { JobEngine } from '../src/cluster/job-engine.js';
import { openQueue } from '../src/cluster/queue/job-queue.js';
import { ownBuild, queueName } from '../src/cluster/queue/queue-name.js';
import type { QueuePlace } from '../src/cluster/queue/queue-place.js';
import { EVALUATE, type Evaluation, type EvaluationJob, type EvaluationShared } from '../src/experiments/evaluation.js';
import { runConfig } from '../src/sim/run-defaults.js';
import { databaseSeconds } from './fixtures/database-time.js';
import { market, perpetual, spanOf } from './fixtures/minute-bars.js';
import { BACKENDS, emptyPlace, engineOn, startWorkers, type Backend } from './fixtures/queue-places.js';
import { measurement, type Benchmark, type Measurement } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const ROWS = 100_000;
const CAPITAL = 100_000;
const PER_JOB = 16;

const LOOP = `export const handle = ({ rounds }) => {
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
};
`;

/** Numbers that do not get shorter, a megabyte of them as the text of a result. */
const MEGABYTE = `export const handle = ({ i }) => {
  const column = new Float64Array(98_304);
  for (let k = 0; k < column.length; k++) column[k] = Math.sqrt(k + i);
  return column;
};
`;

/** Seconds until ten thousand jobs lie in a queue that nobody serves. */
const enqueue = async (place: QueuePlace, engine: JobEngine, handler: string, count: number): Promise<number> => {
  const queue = openQueue(place, queueName(ownBuild()), () => undefined);
  await queue.waitUntilReady();
  const stop = new AbortController();
  const begun = performance.now();
  const work = engine
    .run(
      handler,
      Array.from({ length: count }, (_, i) => ({ rounds: 0, i })),
      { signal: stop.signal },
    )
    .catch(() => undefined);
  for (;;) {
    const counts = await queue.getJobCounts('waiting', 'prioritized');
    if (Object.values(counts).reduce((sum, n) => sum + n, 0) >= count) break;
    await pause(10);
  }
  const seconds = (performance.now() - begun) / 1000;
  stop.abort(new Error('measured'));
  await work;
  await queue.close();
  return seconds;
};

const onBackend = async (
  backend: Backend,
  { quick, scratch, dist }: { quick: boolean; scratch: string; dist: string },
): Promise<Measurement[]> => {
  const folder = join(scratch, `queue-${backend}`);
  const lake = join(folder, 'lake');
  await mkdir(lake, { recursive: true });
  const [unserved, alone, both] = [await emptyPlace(backend, 0), await emptyPlace(backend, 1), await emptyPlace(backend, 2)];
  if (!unserved || !alone || !both) return [measurement(`queue: ${backend} not measured, ${BACKENDS[backend]} names none`, NaN, '')];
  const file = join(folder, 'arithmetic.mjs');
  await writeFile(file, LOOP);
  const handler = pathToFileURL(file).href;
  const megabytes = join(folder, 'megabyte.mjs');
  await writeFile(megabytes, MEGABYTE);

  const empty = await engineOn(unserved, { lake, submitter: 'bench', run: 'enqueue', threads: 1 });
  const enqueued = await enqueue(unserved, empty, handler, 10_000);
  await empty.close();

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
  const configurations = Array.from({ length: PER_JOB }, (_, i) => ({ fast: 5 + i, slow: 40 + 10 * i }));
  // Other capital, another job: nothing is answered from an earlier round.
  let unique = 0;
  const sweep = (on: JobEngine, jobs: number): Promise<unknown> =>
    on.run<EvaluationJob, readonly Evaluation[], EvaluationShared>(
      EVALUATE,
      Array.from({ length: jobs }, () => ({ window, capital: CAPITAL + ++unique, configurations, keep: 'returns' })),
      { shared },
    );
  const loops = (on: JobEngine, jobs: number, rounds: number): Promise<unknown> =>
    on.run(
      handler,
      Array.from({ length: jobs }, () => ({ rounds, i: ++unique })),
    );
  const serving = [
    await startWorkers(alone, 1, { dist, folder: join(folder, 'alone') }),
    await startWorkers(both, 2, { dist, folder: join(folder, 'both') }),
  ];
  const one = await engineOn(alone, { lake, submitter: 'bench', run: 'one', threads: 1 });
  const two = await engineOn(both, { lake, submitter: 'bench', run: 'two', threads: 2 });
  try {
    const jobs = quick ? 8 : 32;
    const tiny = quick ? 200 : 1_000;
    const LONG = 60_000_000;
    const [single = [], double = [], loop = [], loopBoth = [], short = []] = await interleave(
      [
        { run: () => sweep(one, jobs) },
        { run: () => sweep(two, 2 * jobs) },
        { run: () => loops(one, jobs, LONG) },
        { run: () => loops(two, 2 * jobs, LONG) },
        { run: () => loops(one, tiny, 0) },
      ],
      { warmups: 1, rounds: quick ? 3 : 5 },
    );
    /** Processor time of the database and of this process a job, seconds. */
    const spentOn = async (count: number, work: () => Promise<unknown>): Promise<{ readonly database: number; readonly own: number }> => {
      const before = { own: process.cpuUsage(), database: await databaseSeconds(alone) };
      await work();
      const { user, system } = process.cpuUsage(before.own);
      return { database: ((await databaseSeconds(alone)) - before.database) / count, own: (user + system) / 1e6 / count };
    };
    const nothing = await spentOn(2 * tiny, () => loops(one, 2 * tiny, 0));
    const long = await spentOn(tiny / 10, () =>
      one.run(
        pathToFileURL(megabytes).href,
        Array.from({ length: tiny / 10 }, () => ({ i: ++unique })),
      ),
    );
    const scaling = single.map((seconds, i) => (2 * seconds) / double[i]!);
    const ideal = loop.map((seconds, i) => (2 * seconds) / loopBoth[i]!);
    return [
      measurement(`queue: ${backend}, a job with nothing to do, one worker`, (median(short) / tiny) * 1000, 'ms a job', {
        targets: [{ on: 'value', atMost: 5, text: '≤ 5 ms a job' }],
      }),
      measurement(`queue: ${backend}, such a job in the database`, nothing.database * 1000, 'ms of processor time'),
      measurement(`queue: ${backend}, such a job at its submitter`, nothing.own * 1000, 'ms of processor time'),
      measurement(
        `queue: ${backend}, a megabyte of result in the database`,
        (long.database - nothing.database) * 1000,
        'ms of processor time',
      ),
      measurement(`queue: ${backend}, a megabyte of result at its submitter`, (long.own - nothing.own) * 1000, 'ms of processor time'),
      measurement(`queue: ${backend}, 10,000 jobs enqueued`, enqueued, 's', { targets: [{ on: 'value', atMost: 2, text: '≤ 2 s' }] }),
      measurement(`queue: ${backend}, sweep on one worker`, (jobs * PER_JOB * ROWS) / median(single), 'configuration-bars/s'),
      measurement(`queue: ${backend}, sweep on two workers against one`, median(scaling), 'times', {
        ratio: ratioOf(scaling, ideal),
        of: 'what two workers are worth to plain arithmetic',
        targets: [{ on: 'ratio', atLeast: 0.9, text: '≥ 0.9 ×' }],
      }),
      measurement(`queue: ${backend}, arithmetic on two workers against one`, median(ideal), 'times'),
    ];
  } finally {
    await Promise.all([one.close(), two.close()]);
    await Promise.all(serving.map(each => each.stop()));
  }
};

/** What the queue costs a job, how fast jobs get in, and what a second worker process is worth. */
export const benchmark: Benchmark = {
  run: async context => [...(await onBackend('postgres', context)), ...(await onBackend('redis', context))],
};
