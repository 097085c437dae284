// Median simple regret of every sampler on published test functions, against random search with as many trials:
// npm run build && node scripts/study-samplers.mjs [--seeds 50] [--only tpe,cma-es] [--json] [--out folder]
// Prints a table, or JSON; draws one chart of the curves for each function.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    out: { type: 'string', default: 'reports/study-samplers' },
  },
});
const seeds = Number(values.seeds);

/** The study is shared with the tests; what it measures is what is shipped. */
const againstTheBuild = {
  name: 'against-the-build',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(\.\.\/)+src\// }, ({ path }) => ({
      path: pathToFileURL(join(dist, path.replace(/^(\.\.\/)+src\//, ''))).href,
      external: true,
    })),
};

/** Median regret after each trial, on a logarithmic axis. */
const regretChart = (course, curves) => ({
  title: { text: `${course}: median distance from the minimum`, subtitle: `${seeds} seeds each` },
  width: 560,
  height: 320,
  data: {
    values: Object.entries(curves).flatMap(([sampler, { median }]) =>
      Array.from(median, (regret, i) => ({ sampler, trial: i + 1, regret: Math.max(regret, 1e-6) })),
    ),
  },
  mark: { type: 'line', interpolate: 'step-after' },
  encoding: {
    x: { field: 'trial', type: 'quantitative', title: 'Trials' },
    y: { field: 'regret', type: 'quantitative', scale: { type: 'log' }, title: 'Regret' },
    color: { field: 'sampler', type: 'nominal', title: null, sort: Object.keys(curves) },
    strokeDash: { condition: { test: "datum.sampler === 'random'", value: [5, 3] }, value: [1, 0] },
  },
});

await mkdir(join(root, '.cache'), { recursive: true });
const folder = await mkdtemp(join(root, '.cache', 'study-'));
try {
  await build({
    entryPoints: [join(root, 'tests', 'experiments', 'samplers', 'regret.ts')],
    outfile: join(folder, 'regret.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [againstTheBuild],
  });
  const { CONTESTANTS, STUDIED, COURSES, regretStudy } = await import(pathToFileURL(join(folder, 'regret.mjs')).href);
  const { chartSvg } = await import(pathToFileURL(join(dist, 'reports', 'export-chart.js')).href);
  const [reference] = Object.keys(CONTESTANTS);
  const named = values.only?.split(',');
  const contestants = Object.fromEntries(
    Object.entries({ ...CONTESTANTS, ...STUDIED }).filter(([name]) => named === undefined || name === reference || named.includes(name)),
  );
  const out = join(root, values.out);
  await mkdir(out, { recursive: true });

  const result = {};
  for (const [course, setup] of Object.entries(COURSES)) {
    const curves = regretStudy(setup, contestants, seeds);
    result[course] = Object.fromEntries(
      Object.entries(curves).map(([name, { median, wins }]) => [
        name,
        { trials: setup.trials, half: median[Math.floor(setup.trials / 2) - 1], end: median[setup.trials - 1], wins },
      ]),
    );
    await writeFile(join(out, `${course.toLowerCase()}.svg`), await chartSvg(regretChart(course, curves)));
    if (values.json) continue;
    console.log(
      `${course}, ${setup.trials} trials, ${seeds} seeds: median regret at half and at the end, share of seeds better than ${reference}`,
    );
    for (const [name, { half, end, wins }] of Object.entries(result[course]))
      console.log(
        `  ${name.padEnd(18)}${half.toPrecision(3).padStart(12)}${end.toPrecision(3).padStart(12)}${(100 * wins).toFixed(0).padStart(7)}%`,
      );
  }
  if (values.json) console.log(JSON.stringify(result, null, 2));
} finally {
  await rm(folder, { recursive: true, force: true });
}
