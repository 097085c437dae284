// Every sampler against random search with as many trials: median simple regret on published test functions and on the objective of a walk-forward, NSGA-II
// by hypervolume on ZDT1, and halving against the full search of the same configurations:
// npm run build && node scripts/study-samplers.mjs [--seeds 50] [--only tpe,cma-es] [--workspace DIR --dataset NAME --symbol S] [--walk-seeds 20] [--json] [--out folder]
// Prints tables, or JSON; draws one chart of the curves for each function.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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
    workspace: { type: 'string', default: root },
    dataset: { type: 'string', default: 'sample' },
    symbol: { type: 'string', default: 'BTC/USDT:USDT' },
    'walk-seeds': { type: 'string', default: '20' },
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
const regretChart = (course, curves, count = seeds) => ({
  title: { text: `${course}: median distance from the best`, subtitle: `${count} seeds each` },
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
    entryPoints: ['regret', 'zdt1', 'partial-evidence', 'walk-objective'].map(name =>
      join(root, 'tests', 'experiments', 'samplers', `${name}.ts`),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [againstTheBuild],
  });
  const studied = name => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  const built = name => import(pathToFileURL(join(dist, `${name}.js`)).href);
  const { CONTESTANTS, STUDIED, COURSES, regretStudy, middle } = await studied('regret');
  const { chartSvg } = await import(pathToFileURL(join(dist, 'reports', 'export-chart.js')).href);
  const [reference] = Object.keys(CONTESTANTS);
  const named = values.only?.split(',');
  const contestants = Object.fromEntries(
    Object.entries({ ...CONTESTANTS, ...STUDIED }).filter(([name]) => named === undefined || name === reference || named.includes(name)),
  );
  const out = resolve(root, values.out);
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

  // NSGA-II: what its front dominates of all that can be, against random points.
  {
    const { cubeOf, frontVolume, WHOLE_FRONT } = await studied('zdt1');
    const { nsga2 } = await built('experiments/samplers/nsga2');
    const { randomSearch } = await built('experiments/samplers/random-search');
    const [trials, space] = [1_200, cubeOf(6)];
    const shareOf = make => middle(Array.from({ length: seeds }, (_, i) => frontVolume(make(i + 1), trials, [-1, -1]) / WHOLE_FRONT));
    result['ZDT1'] = {
      nsga2: shareOf(seed => nsga2(space, { trials, seed })),
      random: shareOf(seed => randomSearch(space, { trials, seed })),
    };
    if (!values.json)
      console.log(
        `ZDT1 in 6 dimensions, ${trials} trials, ${seeds} seeds: median hypervolume, share of the whole front’s\n  nsga2 ${result['ZDT1'].nsga2.toFixed(3)}  random ${result['ZDT1'].random.toFixed(3)}`,
      );
  }

  // Halving where a part of the evidence is a noisy image of the whole.
  {
    const { halvingStudy } = await studied('partial-evidence');
    result['halving'] = Object.fromEntries([0.3, 0.6, 1.2].map(noise => [noise, halvingStudy(noise, 81, seeds)]));
    if (!values.json) {
      console.log(
        `Halving of 81 random configurations on noisy Branin, ${seeds} seeds: same winner as the full search, its cost, correlation of a ninth of the evidence`,
      );
      for (const [noise, { same, cost, correlation }] of Object.entries(result['halving']))
        console.log(
          `  noise ${noise.padEnd(6)}${(100 * same).toFixed(0).padStart(5)}%${cost.toFixed(3).padStart(8)}${correlation.toFixed(2).padStart(7)}`,
        );
    }
  }

  // The objective of a walk-forward: donchian-breakout, mean Sharpe over three training windows of 180 days of hours.
  {
    const { walkObjective, walkCurves, walkHalving } = await studied('walk-objective');
    const { openDataset } = await built('datasets/catalogue');
    const { loadAllSeries } = await built('datasets/load-series');
    const dataset = await openDataset(values.workspace, values.dataset);
    const { symbol } = values;
    const kinds = dataset.entries.filter(entry => entry.symbol === symbol && (entry.kind !== 'bars' || entry.timeframe === '1h'));
    const loaded = await loadAllSeries(
      dataset,
      kinds.map(({ kind, timeframe }) => ({ symbol, kind, ...(timeframe && { timeframe }) })),
    );
    const objective = walkObjective(
      loaded.map(({ chunk }) => chunk),
      dataset.instruments.get(symbol),
    );
    const [trials, count] = [60, Number(values['walk-seeds'])];
    const kindsOf = ['random', 'sobol', 'latin-hypercube', 'tpe', 'cma-es', 'bayesian'].filter(
      name => named === undefined || name === 'random' || named.includes(name),
    );
    const all = {};
    for (const kind of kindsOf)
      all[kind] = await walkCurves(objective, { kind, trials, ...(kind === 'bayesian' && { batch: 4 }) }, trials, count);
    const best = Math.max(...Object.values(all).flatMap(curves => curves.map(curve => curve[trials - 1])));
    const curves = Object.fromEntries(
      Object.entries(all).map(([kind, seeded]) => {
        const median = Float64Array.from({ length: trials }, (_, t) => middle(seeded.map(curve => Math.min(best - curve[t], 10))));
        const wins = seeded.reduce((sum, curve, s) => sum + (1 + Math.sign(curve[trials - 1] - all.random[s][trials - 1])) / 2, 0) / count;
        return [kind, { median, wins }];
      }),
    );
    await writeFile(join(out, 'walk-forward.svg'), await chartSvg(regretChart('Walk-forward objective', curves, count)));
    const halved = await walkHalving(objective, 45, count);
    result['walk-forward'] = {
      best,
      evaluations: objective.evaluations(),
      ...Object.fromEntries(
        Object.entries(curves).map(([name, { median, wins }]) => [name, { half: median[trials / 2 - 1], end: median[trials - 1], wins }]),
      ),
      halving: halved,
    };
    if (!values.json) {
      console.log(
        `Walk-forward objective on ${values.dataset} ${symbol}, ${trials} trials, ${count} seeds, best Sharpe seen ${best.toFixed(3)}: median regret at half and at the end, share of seeds better than random`,
      );
      for (const [name, { median, wins }] of Object.entries(curves))
        console.log(
          `  ${name.padEnd(18)}${median[trials / 2 - 1].toFixed(3).padStart(9)}${median[trials - 1].toFixed(3).padStart(9)}${(100 * wins).toFixed(0).padStart(7)}%`,
        );
      console.log(
        `  halving of 45: same winner ${(100 * halved.same).toFixed(0)}%, cost ${halved.cost.toFixed(2)} of the full search, mean loss of Sharpe ${halved.meanLoss.toFixed(3)}`,
      );
    }
  }
  if (values.json) console.log(JSON.stringify(result, null, 2));
} finally {
  await rm(folder, { recursive: true, force: true });
}
