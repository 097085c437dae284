import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMet, type BenchContext, type Benchmark, type Measurement, type Rivals } from './harness/benchmark.js';
import { commitOf } from './harness/commit.js';
import { inFreshProcess } from './harness/fresh-process.js';
import { appendRun, lastComparable, type EarlierRun } from './harness/history.js';
import { machine } from './harness/machine.js';
import { profiling } from './harness/profiles.js';
import { tableText } from './harness/report.js';
import { runRecord } from './harness/run-record.js';

/** The benchmarks by name, in the order of the table. */
const BENCHMARKS: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  engine: () => import('./engine.js'),
  rivals: () => import('./rivals.js'),
  search: () => import('./search.js'),
  features: () => import('./features.js'),
  linearity: () => import('./linearity.js'),
  'book-rebuild': () => import('./book-rebuild.js'),
  'book-replay': () => import('./book-replay.js'),
  'lake-read': () => import('./lake-read.js'),
  lake: () => import('./lake.js'),
  queue: () => import('./queue.js'),
  researchers: () => import('./researchers.js'),
  scale: () => import('./scale.js'),
  memory: () => import('./memory.js'),
  portfolio: () => import('./portfolio.js'),
  'cold-start': () => import('./cold-start.js'),
  'walk-forward': () => import('./walk-forward.js'),
  'import-csv': () => import('./import-csv.js'),
  journal: () => import('./journal.js'),
  'live-journal': () => import('./live-journal.js'),
  'live-recovery': () => import('./live-recovery.js'),
  'live-latency': () => import('./live-latency.js'),
  'live-intake': () => import('./live-intake.js'),
  'live-start': () => import('./live-start.js'),
  'dashboard-sse': () => import('./dashboard-sse.js'),
  report: () => import('./report.js'),
  neural: () => import('./neural.js'),
  boosting: () => import('./boosting.js'),
  'forecast-walk': () => import('./forecast-walk.js'),
  bootstrap: () => import('./bootstrap.js'),
  overfitting: () => import('./overfitting.js'),
  sweep: () => import('./sweep.js'),
  'sweep-run': () => import('./sweep-run.js'),
};

/** Run when they are named only: they take as long as what they look at. */
const SOAKS: readonly string[] = ['researchers'];

const HELP = `npm run bench -- [options]

  --only NAME     only this benchmark, repeatable: ${Object.keys(BENCHMARKS).join(', ')}
  --quick         small sizes and few rounds: a look at ratios in a minute
  --json          the run as one JSON document on stdout: date, commit, machine, and of each figure all that the table shows
  --save          add the run as a line to bench/history.ndjson
  --against RUN   a column with the change since an earlier run on this machine: LAST of the history, or a file that --json or --save wrote
  --keep          keep the ten million bars in the temporary folder, and use those that an earlier --keep left
  --profile DIR   write a CPU profile of each benchmark into this folder, and a flame graph of it beside it

Figures are medians of rounds that take turns; ± is half of what the middle half of the rounds spans. A cost is how many times that of what it
is compared with. A change in brackets is within both spreads: noise. What other backtesters take is measured by \`rivals\`, which installs them
into bench/rivals the first time. How to read it all: docs/benchmarks.md.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    against: { type: 'string' },
    keep: { type: 'boolean', default: false },
    profile: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
    // Set by the program itself and by scripts/bench.mjs.
    dist: { type: 'string', default: 'dist' },
    scratch: { type: 'string', default: '' },
    rivals: { type: 'string', default: '{"folder":"bench/rivals","missing":{}}' },
    run: { type: 'string' },
    probe: { type: 'string' },
  },
});

const HISTORY = join(values.dist, '..', 'bench', 'history.ndjson');

const common = (scratch: string): string[] => {
  const words = ['--dist', values.dist, '--scratch', scratch, '--rivals', values.rivals];
  return values.quick ? [...words, '--quick'] : words;
};

/** In a process of its own: run one benchmark, or its probe, and send what came of it. */
const runOne = async (name: string): Promise<void> => {
  const { scratch } = values;
  const { benchmark } = await (BENCHMARKS[name] as (typeof BENCHMARKS)[string])();
  const context: BenchContext = {
    quick: values.quick,
    scratch,
    dist: values.dist,
    rivals: JSON.parse(values.rivals) as Rivals,
    probe: argument => inFreshProcess(['--run', name, '--probe', JSON.stringify(argument), ...common(scratch)]),
  };
  const result = values.probe === undefined ? await benchmark.run(context) : await benchmark.probe?.(JSON.parse(values.probe), context);
  process.send?.(result);
};

const runAll = async (): Promise<void> => {
  const names = values.only.length > 0 ? values.only : Object.keys(BENCHMARKS).filter(name => !SOAKS.includes(name));
  const unknown = names.filter(name => !(name in BENCHMARKS));
  if (unknown.length > 0) {
    console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const [on, commit, date] = [machine(), await commitOf(join(values.dist, '..')), new Date().toISOString()];
  let earlier: EarlierRun | undefined;
  if (values.against !== undefined)
    try {
      earlier = await lastComparable(values.against === 'LAST' ? HISTORY : values.against, { machine: on, quick: values.quick });
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 2;
      return;
    }
  // The benchmark that runs hears it too and ends; what is left to do here is to clean up.
  process.on('SIGINT', () => {
    process.exitCode = 130;
  });
  const folder = join(tmpdir(), `quantai-bench-${userInfo().username}`);
  const scratch = values.keep ? folder : await mkdtemp(`${folder}-`);
  await mkdir(scratch, { recursive: true });
  const measurements: Measurement[] = [];
  try {
    for (const name of names) {
      console.error(`${name} …`);
      const profiled = values.profile === undefined ? null : await profiling(values.profile, name);
      try {
        measurements.push(...((await inFreshProcess(['--run', name, ...common(scratch)], profiled?.flags)) as Measurement[]));
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode ??= 1;
      }
      for (const file of (await profiled?.finish()) ?? []) console.error(`  ${file}`);
      if (process.exitCode === 130) return;
    }
  } finally {
    if (!values.keep) await rm(scratch, { recursive: true, force: true });
  }
  const run = runRecord({ date, commit, quick: values.quick, machine: on }, measurements);
  if (values.save) await appendRun(HISTORY, run);
  console.log(
    values.json ? JSON.stringify(run, null, 2) : tableText({ machine: on, commit, measurements, ...(earlier ? { earlier } : {}) }),
  );
  const targets = measurements.flatMap(m => m.targets.map(target => isMet(m, target)));
  if (!values.json)
    console.log(`\n${targets.filter(Boolean).length} of ${targets.length} targets met${values.quick ? '; sizes cut by --quick' : ''}`);
};

if (values.help) console.log(HELP);
else if (values.run === undefined) await runAll();
else await runOne(values.run);
