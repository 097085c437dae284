import type { Chunk } from '../events/market.js';
import { crossValidate, type CrossValidationResult } from '../experiments/cross-validate.js';
import { marketRegimes, UNKNOWN_REGIME } from '../experiments/evidence/regimes.js';
import { crossSplit, type CrossScheme } from '../experiments/splits/cross-split.js';
import { timeframeMs } from '../market/timeframe.js';
import { metricLabel } from '../reports/metric-text.js';
import { formatDate } from '../time.js';
import type { CrossValidateArguments } from './crossvalidate.js';
import { findingsOfRun } from './data-errors.js';
import { extent, extentInWords } from './extent-text.js';
import { pValue, percent, ratio } from './figures.js';
import { keepAndDraw, type KeptReport } from './kept-report.js';
import { loadRun } from './pretrained.js';
import { reproducingCommand } from './reproduce.js';
import { setUpRun, type RunSetup } from './run-setup.js';
import { samplerText } from './search-options.js';
import { beginSearch, searchExperiment, wantedSearch } from './search-run.js';
import { table } from './table.js';
import { terminal } from './terminal.js';

/** One regime a bar, as it was known when the bar began; NaN where it was not. */
const regimeNumbers = (chunks: readonly Chunk[], opens: Float64Array, barMs: number): Float64Array => {
  const closes = Object.fromEntries(
    chunks
      .filter(({ kind }) => kind === 'bars')
      .map(({ symbol, ts, rows, columns }) => [symbol, { ts: ts.subarray(0, rows).map(open => open + barMs), close: columns[3]! }]),
  );
  const labels = marketRegimes(
    closes,
    opens.map(open => open + barMs),
  );
  const kinds = [...new Set(labels)].filter(label => label !== UNKNOWN_REGIME).sort();
  return Float64Array.from(labels, label => (label === UNKNOWN_REGIME ? NaN : kinds.indexOf(label)));
};

const schemeOf = (args: CrossValidateArguments, regimes: () => Float64Array): { scheme: CrossScheme; text: string } => {
  const { purge, embargo, folds, blocks, groups } = args;
  const gaps = { ...(purge !== undefined && { purge: extent(purge) }), ...(embargo !== undefined && { embargo: extent(embargo) }) };
  const testGroups = args['test-groups'];
  switch (args.split) {
    case 'combinatorial':
      return { scheme: { kind: 'combinatorial', groups, testGroups, ...gaps }, text: `combinatorial, ${testGroups} of ${groups} groups` };
    case 'k-fold':
      return { scheme: { kind: 'k-fold', folds, ...gaps }, text: `${folds} purged folds` };
    case 'regimes':
      return {
        scheme: { kind: 'regimes', folds, blocks, regimes: regimes(), ...gaps },
        text: `${folds} purged folds of ${blocks} blocks, alike in regimes`,
      };
  }
};

const outcomeOf = (result: CrossValidationResult, setup: RunSetup, report: string, elapsedMs: number) => ({
  runId: result.runId,
  strategy: result.strategy,
  dataset: setup.dataset.id,
  fingerprint: result.fingerprint,
  configurations: result.configurations,
  trials: result.trials.run,
  trialsEver: result.trials.total,
  objective: result.objective.metric,
  folds: result.folds,
  paths: result.paths.map(({ sharpe, totalReturn, maxDrawdown }) => ({ sharpe, totalReturn, maxDrawdown })),
  sharpe: result.sharpe,
  overfitting: {
    pbo: result.search.pbo.value,
    realityCheck: result.search.realityCheck.value,
    spa: result.search.spa.value,
    effectiveConfigurations: result.search.effective.value,
  },
  synthetic: setup.dataset.manifest.synthetic,
  report,
  elapsedMs,
});

/** What `crossvalidate --json` prints. */
export type CrossValidationOutcome = ReturnType<typeof outcomeOf>;

const lines = (o: CrossValidationOutcome): string =>
  [
    `${o.strategy} on ${o.dataset}: ${o.folds.length} folds, ${o.paths.length} paths, ${o.configurations} configurations, ${o.trials} trials (${o.trialsEver} of this strategy ever)`,
    '',
    table(
      [
        { title: 'test' },
        { title: 'chosen' },
        { title: `${metricLabel(o.objective)} in training`, align: 'right' },
        { title: 'in the test', align: 'right' },
      ],
      o.folds.map(({ test, params, inSample, outOfSample }) => [
        test.map(({ from, to }) => `${formatDate(from)} – ${formatDate(to)}`).join(', '),
        params === null
          ? 'flat: none eligible'
          : Object.entries(params)
              .map(([name, value]) => `${name}=${value}`)
              .join(' '),
        ratio(inSample),
        ratio(outOfSample),
      ]),
    ),
    '',
    o.sharpe === null
      ? 'Nothing was traded out of sample.'
      : `Sharpe of the paths: median ${ratio(o.sharpe.median)}, 90% between ${ratio(o.sharpe.low)} and ${ratio(o.sharpe.high)}; ${percent(o.sharpe.belowZero)} below 0`,
    `Probability that the search overfitted: ${percent(o.overfitting.pbo)}; reality check p ${pValue(o.overfitting.realityCheck)}, SPA p ${pValue(o.overfitting.spa)}`,
    `Fingerprint ${o.fingerprint}`,
    `Run ${o.runId}`,
    `Report ${o.report}`,
  ].join('\n');

/** Cross-validate a search, keep it under `reports/` and in the trial ledger, and print what came of it. */
export const runCrossValidation = async (args: CrossValidateArguments): Promise<CrossValidationOutcome> => {
  const setup = await setUpRun(args);
  const { workspace, dataset, config, strategy } = setup;
  const loaded = await loadRun(setup);
  const chunks = loaded.map(({ chunk }) => chunk);
  const barMs = timeframeMs(config.timeframe);
  const bars = chunks.find(chunk => chunk.kind === 'bars')?.ts ?? new Float64Array();
  const opens = bars.filter(ts => ts >= config.from && ts + barMs <= config.to);
  const { scheme, text } = schemeOf(args, () => regimeNumbers(chunks, opens, barMs));
  const split = crossSplit({ from: config.from, to: config.to, opens }, scheme);
  const wanted = wantedSearch(args, setup);
  const { sampler } = wanted;
  const { version, synthetic } = dataset.manifest;
  const experiment = searchExperiment(setup, loaded, wanted, { folds: split.folds, paths: split.paths });
  const name = { id: 'crossvalidate', bar: 'cross-validation' };
  const { folder, spec, tell, settle, conclude } = await beginSearch(args, setup, loaded, wanted, experiment, name);
  const { result, elapsedMs } = await settle(
    crossValidate({ ...spec, split, onProgress: progress => tell(progress, `${split.groups.length} groups`) }),
    'evaluations',
  );
  const reproduce = reproducingCommand(terminal().argv, dataset.id, version);
  const kept: KeptReport = {
    version: 1,
    kind: 'crossvalidate',
    dataset: `${dataset.id}@${version}`,
    input: {
      title: `${strategy.strategy.name} on ${dataset.id}, cross-validated`,
      manifest: experiment,
      result,
      scheme: text,
      search: samplerText(sampler, 'search'),
      purge: extentInWords(args.purge),
      embargo: extentInWords(args.embargo),
      findings: findingsOfRun(dataset.manifest.findings, config),
      command: reproduce,
      synthetic,
    },
  };
  const report = await keepAndDraw(workspace, folder, kept);
  const outcome = outcomeOf(result, setup, report, elapsedMs);
  return conclude({ command: 'crossvalidate', reproduce, fingerprint: result.fingerprint, files: {} }, outcome, lines);
};
