// How often do 95 % intervals of metrics hold the true value? node scripts/study-bootstrap-coverage.mjs [--seeds 1000] [--samples 500] [--json]
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    samples: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
const samples = Number(values.samples);

const root = fileURLToPath(new URL('..', import.meta.url));
await mkdir(join(root, '.cache'), { recursive: true });
const folder = await mkdtemp(join(root, '.cache', 'study-'));
try {
  const outfile = join(folder, 'bootstrap-coverage.mjs');
  await build({
    entryPoints: [join(root, 'bench/studies/bootstrap-coverage.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const { autoregression, coverage, garch } = await import(pathToFileURL(outfile).href);
  const laws = [
    garch(0.1, 0.8, 4_000_000),
    garch(0.05, 0.9, 4_000_000),
    garch(0.1, 0.85, 4_000_000),
    // Half a shock is left after 34 days: more memory than a year or two of days can show.
    garch(0.08, 0.9, 4_000_000),
    ...[0.5, 0.3, 0, -0.3].map(autoregression),
  ];
  const results = [];
  for (const law of laws)
    for (const days of [500, 1000]) {
      console.error(`${law.name}, ${days} days …`);
      results.push({ law: law.name, days, ...coverage(law, { days, seeds, samples }) });
    }
  if (values.json) console.log(JSON.stringify({ seeds, samples, results }, null, 2));
  else {
    const percent = share => (100 * share).toFixed(1).padStart(6);
    const names = Object.keys(results[0].studentised);
    const error = (100 * Math.sqrt((0.95 * 0.05) / seeds)).toFixed(1);
    console.log(
      `Share of 95 % intervals that hold the true value, %; ${seeds} series, ${samples} resamples; standard error ${error} points`,
    );
    for (const { law, days, block, studentised, stationary, moving } of results) {
      console.log(`\n${law}, ${days} days, blocks of ${block.toFixed(1)}`);
      for (const name of names) {
        const { share } = studentised[name];
        const others =
          name in stationary ? `   percentile: stationary ${percent(stationary[name].share)}, moving ${percent(moving[name].share)}` : '';
        console.log(`  ${name.padEnd(23)}${percent(share)}${Math.abs(share - 0.95) > 0.03 + 1e-9 ? ' *' : '  '}${others}`);
      }
    }
    console.log('\n* further than 3 points from 95');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
