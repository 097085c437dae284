import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMet, type BenchContext, type Benchmark, type Measurement } from './harness/benchmark.js';
import { inFreshProcess } from './harness/fresh-process.js';
import { machine } from './harness/machine.js';
import { jsonText, tableText } from './harness/report.js';

/** The benchmarks by name, in the order of the table. */
const BENCHMARKS: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  engine: () => import('./engine.js'),
  search: () => import('./search.js'),
  features: () => import('./features.js'),
  linearity: () => import('./linearity.js'),
  'book-rebuild': () => import('./book-rebuild.js'),
  'book-replay': () => import('./book-replay.js'),
  'lake-read': () => import('./lake-read.js'),
  memory: () => import('./memory.js'),
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
};

const HELP = `npm run bench -- [options]

  --only NAME     only this benchmark, repeatable: ${Object.keys(BENCHMARKS).join(', ')}
  --quick         small sizes and few rounds: a look at ratios in a minute
  --json          { machine, results: [{ name, value, unit, ratio, of }] } on stdout
  --keep          keep the ten million bars in the temporary folder, and use those that an earlier --keep left
  --profile DIR   write a CPU profile of each benchmark into this folder

A ratio is how many times the cost of what it is compared with; all figures are medians of rounds that take turns.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    profile: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
    // Set by the program itself and by scripts/bench.mjs.
    dist: { type: 'string', default: 'dist' },
    scratch: { type: 'string', default: '' },
    run: { type: 'string' },
    probe: { type: 'string' },
  },
});

const common = (scratch: string): string[] => ['--dist', values.dist, '--scratch', scratch, ...(values.quick ? ['--quick'] : [])];

/** In a process of its own: run one benchmark, or its probe, and send what came of it. */
const runOne = async (name: string): Promise<void> => {
  const { scratch } = values;
  const { benchmark } = await (BENCHMARKS[name] as (typeof BENCHMARKS)[string])();
  const context: BenchContext = {
    quick: values.quick,
    scratch,
    dist: values.dist,
    probe: argument => inFreshProcess(['--run', name, '--probe', JSON.stringify(argument), ...common(scratch)]),
  };
  const result = values.probe === undefined ? await benchmark.run(context) : await benchmark.probe?.(JSON.parse(values.probe));
  process.send?.(result);
};

const runAll = async (): Promise<void> => {
  const names = values.only.length > 0 ? values.only : Object.keys(BENCHMARKS);
  const unknown = names.filter(name => !(name in BENCHMARKS));
  if (unknown.length > 0) {
    console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}.`);
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
      const flags = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
      try {
        measurements.push(...((await inFreshProcess(['--run', name, ...common(scratch)], flags)) as Measurement[]));
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode ??= 1;
      }
      if (process.exitCode === 130) return;
    }
  } finally {
    if (!values.keep) await rm(scratch, { recursive: true, force: true });
  }
  console.log(values.json ? jsonText(machine(), measurements) : tableText(machine(), measurements));
  const targets = measurements.flatMap(m => m.targets.map(target => isMet(m, target)));
  if (!values.json)
    console.log(`\n${targets.filter(Boolean).length} of ${targets.length} targets met${values.quick ? '; sizes cut by --quick' : ''}`);
};

if (values.help) console.log(HELP);
else if (values.run === undefined) await runAll();
else await runOne(values.run);
