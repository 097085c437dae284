// How often each test of overfitting believes in the best of many strategies, worthless or not: node scripts/study-overfitting.mjs [--seeds 200]
// [--strategies 1000] [--days 365] [--resamples 99] [--world noise] [--json]
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    strategies: { type: 'string', default: '1000' },
    days: { type: 'string', default: '365' },
    resamples: { type: 'string', default: '99' },
    world: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const options = {
  seeds: Number(values.seeds),
  strategies: Number(values.strategies),
  days: Number(values.days),
  resamples: Number(values.resamples),
};

/** The study is TypeScript beside the tests; once loaded its bundle is not needed any more. */
const load = async () => {
  await mkdir(join(root, '.cache'), { recursive: true });
  const folder = await mkdtemp(join(root, '.cache', 'study-'));
  try {
    const outfile = join(folder, 'size-and-power.mjs');
    await build({
      entryPoints: [join(root, 'tests', 'experiments', 'overfitting', 'size-and-power.ts')],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const percent = share => `${(100 * share).toFixed(1)} %`;
const { WORLDS, sizeAndPower } = await load();
const { strategies, days, resamples, seeds } = options;
const rows = [];
if (!values.json) console.log(`${strategies} strategies, ${days} days, ${resamples} resamples, ${seeds} seeds, each test at 5 %`);
for (const world of WORLDS.filter(({ name }) => values.world?.includes(name) ?? true)) {
  const found = sizeAndPower(world, options);
  rows.push(...found);
  if (values.json) continue;
  const hasEdge = world.edge > 0;
  console.log(`\n${world.name.padEnd(24)} ${hasEdge ? 'believed (power)  in the right one' : 'believed (size)'}`);
  for (const { test, believed, error, right } of found)
    console.log(
      `${test.padEnd(24)} ${percent(believed).padStart(7)} ± ${percent(error)} ${hasEdge ? percent(right).padStart(14) : ''}`.trimEnd(),
    );
}
if (values.json) console.log(JSON.stringify({ ...options, rows }, null, 2));
