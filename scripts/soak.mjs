// Random worlds of the live side, on both cores: `npm run soak -- --seeds 20000 [--seed N] [--minutes 30] [--roughness 1] [--kills 3] [--active ms] [--trace 100] [--workers 2]`, after `npm run build`.
// Every failing seed is printed with its options and the first ones with their last events; `--seed N --seeds 1` and the same options play it again. `--json` prints one document at the end.
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};

/** Plays every `step`-th seed and posts what came of each. */
const work = async ({ from, to, step, options, until }) => {
  const { simulate } = await import('../dist/practice/rig/simulate.js');
  for (let seed = from; seed < to && Date.now() < until; seed += step) {
    let report;
    try {
      const { ok, violations, failures, counters, trace, weather } = await simulate(seed, options);
      report = { ok, violations, failures, counters, trace: ok ? [] : trace, weather };
    } catch (error) {
      report = { ok: false, violations: [{ law: '-', text: error.stack }], failures: [], counters: {}, trace: [], weather: {} };
    }
    parentPort.postMessage({ seed, heap: process.memoryUsage().heapUsed / 2 ** 20, ...report });
  }
};

/** Least squares over the second half, per sample: the first half is warming up. */
const slopeOf = values => {
  const late = values.slice(values.length >> 1);
  const mean = late.reduce((sum, x) => sum + x, 0) / Math.max(1, late.length);
  const middle = (late.length - 1) / 2;
  const spread = late.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return late.reduce((sum, x, i) => sum + (i - middle) * (x - mean), 0) / Math.max(1, spread);
};

const lead = async () => {
  const from = argument('seed', Math.floor(Date.now() / 1000) % 1_000_000_000);
  const seeds = argument('seeds', 1000);
  const workers = Math.min(argument('workers', availableParallelism()), seeds);
  const until = Date.now() + argument('minutes', Infinity) * 60_000;
  const options = {
    roughness: argument('roughness', 1),
    kills: argument('kills', 3),
    activeMs: argument('active', 90_000),
    traced: argument('trace', 100),
  };
  const counters = {};
  const failed = [];
  const heap = [];
  const began = Date.now();
  let done = 0;
  console.error(`seeds from ${from}, ${workers} workers, options ${JSON.stringify(options)}`);
  const hear = ({ seed, ok, violations, failures, trace, weather, heap: used, ...report }) => {
    done++;
    for (const [name, times] of Object.entries(report.counters)) counters[name] = (counters[name] ?? 0) + times;
    if (!ok) {
      failed.push(seed);
      console.error(`\nseed ${seed} fails; options ${JSON.stringify({ seed, ...options })}; weather ${JSON.stringify(weather)}`);
      console.error(
        `again: npm run soak -- --seed ${seed} --seeds 1 --roughness ${options.roughness} --kills ${options.kills} --active ${options.activeMs}`,
      );
      for (const { law, text } of violations) console.error(`  ${law}: ${text}`);
      for (const line of failures) console.error(`  ${line}`);
      if (failed.length <= 3) console.error(trace.join('\n'));
    }
    if (done % 100 === 0) {
      heap.push(used);
      const rate = (done * 1000) / (Date.now() - began);
      console.error(
        `${done} of ${seeds} seeds, ${failed.length} failed, ${rate.toFixed(1)} a second, heap ${used.toFixed(0)} MiB, handles ${process.getActiveResourcesInfo().length}`,
      );
    }
  };
  await Promise.all(
    Array.from(
      { length: workers },
      (_, i) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), {
            workerData: { from: from + i, to: from + seeds, step: workers, options, until },
          });
          worker.on('message', hear);
          worker.on('error', reject);
          worker.on('exit', resolve);
        }),
    ),
  );
  failed.sort((a, b) => a - b);
  const names = Object.keys(counters).sort((a, b) => (a < b ? -1 : 1));
  const points = names.filter(name => name.startsWith('kill:'));
  const kills = points.reduce((sum, name) => sum + counters[name], counters['process:crash'] ?? 0);
  const heapSlopeMiBPer100Seeds = slopeOf(heap);
  const seconds = (Date.now() - began) / 1000;
  if (process.argv.includes('--json'))
    console.log(
      JSON.stringify({ from, seeds: done, options, failed, kills, killPoints: points.length, heapSlopeMiBPer100Seeds, seconds, counters }),
    );
  else {
    for (const name of names) console.log(`${String(counters[name]).padStart(10)}  ${name}`);
    console.log(
      `${done} seeds from ${from} in ${seconds.toFixed(0)} s, ${failed.length} failed${failed.length > 0 ? ` (${failed.join(', ')})` : ''}; ${kills} kills at ${points.length} distinct points; heap slope ${heapSlopeMiBPer100Seeds.toFixed(3)} MiB per 100 seeds`,
    );
  }
  process.exitCode = failed.length > 0 ? 1 : 0;
};

await (isMainThread ? lead() : work(workerData));
