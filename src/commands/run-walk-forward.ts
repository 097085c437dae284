import { anchored } from '../experiments/splits/anchored.js';
import { rolling } from '../experiments/splits/rolling.js';
import type { EvidenceRecord } from '../experiments/evidence/evidence-record.js';
import { walkForward, type WalkForwardResult } from '../experiments/walk-forward.js';
import { timeframeMs } from '../market/timeframe.js';
import { findingsOfRun } from './data-errors.js';
import { formatDate } from '../time.js';
import { extent, extentInWords } from './extent-text.js';
import { percent, ratio } from './figures.js';
import { keepSearch } from './kept-search.js';
import { keepAndDraw, type KeptReport } from './kept-report.js';
import { figureLines, outcomeFigures } from './outcome-figures.js';
import { loadRun } from './pretrained.js';
import { reproducingCommand } from './reproduce.js';
import { setUpRun, type RunSetup } from './run-setup.js';
import { walkForwardFiles } from './run-tables.js';
import { saveTables } from './save-run.js';
import { samplerText } from './search-options.js';
import { beginSearch, searchExperiment, wantedSearch } from './search-run.js';
import { table } from './table.js';
import { terminal } from './terminal.js';
import { walkForwardEvidence } from './walk-forward-evidence.js';
import type { WalkForwardArguments } from './walkforward.js';

/** Why a probability is null. */
const reasonsOf = ({ overfitting: { psr, dsr, pbo } }: WalkForwardResult): Partial<Record<'psr' | 'dsr' | 'pbo', string>> =>
  Object.fromEntries(Object.entries({ psr, dsr, pbo }).flatMap(([name, { reason }]) => (reason === null ? [] : [[name, reason]])));

const outcomeOf = (result: WalkForwardResult, evidence: EvidenceRecord, setup: RunSetup, report: string, elapsedMs: number) => {
  const { metrics, reasons, costs } = outcomeFigures(result.stitched);
  const { psr, dsr, pbo } = result.overfitting;
  const { search } = result;
  const { unsettled, effective } = result.trials;
  const estimates = {
    psr,
    dsr,
    pbo,
    effectiveTrials: effective,
    effectiveConfigurations: search.effective,
    realityCheck: search.realityCheck,
    spa: search.spa,
    pboOfSearch: search.pbo,
    haircutSharpeHolm: search.haircut.holm,
    haircutSharpeFalseDiscovery: search.haircut.falseDiscovery,
  };
  return {
    runId: result.runId,
    strategy: result.strategy,
    dataset: setup.dataset.id,
    fingerprint: result.fingerprint,
    trials: result.trials.run,
    trialsEver: result.trials.total,
    trialsUnsettled: unsettled,
    folds: result.folds.map(({ train, test, params, flatReason, inSample, outOfSample, fingerprint }) => ({
      train,
      test,
      params,
      flatReason,
      inSample,
      outOfSample,
      fingerprint,
    })),
    outOfSample: metrics,
    reasons,
    costs,
    finalEquity: result.stitched.finalEquity,
    decay: result.decay,
    overfitting: {
      psr: psr.value,
      dsr: dsr.value,
      pbo: pbo.value,
      effectiveTrials: effective.value,
      realityCheck: search.realityCheck.value,
      spa: search.spa.value,
      pboOfSearch: search.pbo.value,
      effectiveConfigurations: search.effective.value,
      surviving: search.surviving,
      haircutSharpeHolm: search.haircut.holm.value,
      haircutSharpeFalseDiscovery: search.haircut.falseDiscovery.value,
      searchOver: search.over,
      reasons: Object.fromEntries(Object.entries(estimates).flatMap(([name, { reason }]) => (reason === null ? [] : [[name, reason]]))),
    },
    /** By the quick checks; `quantai evidence` makes all of them. */
    evidence: { grade: evidence.grade, sentence: evidence.sentence, reasons: evidence.reasons },
    synthetic: setup.dataset.manifest.synthetic,
    report,
    elapsedMs,
  };
};

/** What `walkforward --json` prints. */
export type WalkForwardOutcome = ReturnType<typeof outcomeOf>;

const lines = (o: WalkForwardOutcome): string =>
  [
    `${o.strategy} on ${o.dataset}, ${o.folds.length} folds, ${o.trials} trials (${o.trialsEver} of this strategy ever)`,
    '',
    table(
      [
        { title: 'test window' },
        { title: 'chosen' },
        { title: 'Sharpe in', align: 'right' },
        { title: 'out', align: 'right' },
        { title: 'return out', align: 'right' },
        { title: 'trades', align: 'right' },
      ],
      o.folds.map(({ test, params, flatReason, inSample, outOfSample }) => [
        `${formatDate(test.from)} – ${formatDate(test.to)}`,
        params === null
          ? `flat: ${flatReason}`
          : Object.entries(params)
              .map(([name, value]) => `${name}=${value}`)
              .join(' '),
        ratio(inSample?.['sharpe']),
        ratio(outOfSample?.['sharpe']),
        percent(outOfSample?.['totalReturn']),
        outOfSample?.['trades'] ?? 0,
      ]),
    ),
    '',
    'Out of sample, joined:',
    ...figureLines({ metrics: o.outOfSample, reasons: o.reasons, costs: o.costs }),
    `Chance that the best of as many worthless configurations looks this good in training: ${percent(o.overfitting.spa)} (SPA), ${percent(o.overfitting.realityCheck)} (reality check)`,
    `Probability that the Sharpe is above 0: ${percent(o.overfitting.psr)}; after ${o.trialsEver} trials: ${percent(o.overfitting.dsr)}; that the search overfitted: ${percent(o.overfitting.pbo)}`,
    o.evidence.sentence,
    `Fingerprint ${o.fingerprint}`,
    `Run ${o.runId}`,
    `Report ${o.report}`,
  ].join('\n');

/** Run a walk-forward experiment, keep it under `reports/` and in the trial ledger, and print what came of it. `argv` is how it is told to be run again. */
export const runWalkForward = async (args: WalkForwardArguments, argv = terminal().argv): Promise<WalkForwardOutcome> => {
  const setup = await setUpRun(args);
  const { workspace, dataset, config, strategy } = setup;
  const { walkforward: own } = setup.settings;
  const loaded = await loadRun(setup);
  const chunks = loaded.map(({ chunk }) => chunk);
  const opens = chunks.find(chunk => chunk.kind === 'bars')?.ts ?? new Float64Array();
  const isAnchored = args.anchored ?? own.anchored ?? false;
  const train = args.train ?? own.train ?? '180d';
  const test = args.test ?? own.test ?? '60d';
  const purge = args.purge ?? own.purge;
  const embargo = args.embargo ?? own.embargo;
  const folds = (isAnchored ? anchored : rolling)(
    { from: config.from, to: config.to, opens: opens.filter(ts => ts >= config.from && ts + timeframeMs(config.timeframe) <= config.to) },
    {
      train: extent(train),
      test: extent(test),
      partial: args.partial,
      ...(purge === undefined ? {} : { purge: extent(purge) }),
      ...(embargo === undefined ? {} : { embargo: extent(embargo) }),
    },
  );
  const wanted = wantedSearch(args, setup);
  const { sampler, objective } = wanted;
  const choose = args.choose ?? own.choose ?? 'peak';
  const inner = args.inner ?? own.inner;
  // Only what differs from a plain walk is in the manifest, so that a plain one keeps its run id.
  const refinements = { ...(choose !== 'peak' && { choose }), ...(inner !== undefined && { inner }) };
  const { version, synthetic } = dataset.manifest;
  const experiment = searchExperiment(setup, loaded, wanted, { folds, rankAll: args['rank-all'], ...refinements });
  const search = await beginSearch(args, setup, loaded, wanted, experiment, null);
  const { folder } = search;
  let trained: number | undefined;
  const stage = (): string =>
    trained === undefined || trained === folds.length ? `${folds.length} folds` : `${trained} of ${folds.length} folds trained`;
  const experimentAndChecks = async (): Promise<{ readonly walked: WalkForwardResult; readonly evidence: EvidenceRecord }> => {
    const walked = await walkForward({
      ...search.spec,
      folds,
      ...refinements,
      outOfSampleOfAll: args['rank-all'],
      onTrained: some => (trained = some),
      onProgress: progress => search.tell(progress, stage()),
    }).finally(search.hideBar);
    return {
      walked,
      evidence: await walkForwardEvidence(args, setup, walked, chunks, search.tapes, search.engine, sampler.kind !== 'list'),
    };
  };
  const {
    result: { walked: result, evidence },
    elapsedMs,
  } = await search.settle(experimentAndChecks(), 'evaluations');
  const reproduce = reproducingCommand(argv, dataset.id, version);
  const { psr, dsr, pbo } = result.overfitting;
  const { forecasts, ...traded } = result.stitched;
  const kept: KeptReport = {
    version: 1,
    kind: 'walkforward',
    dataset: `${dataset.id}@${version}`,
    input: {
      title: `${strategy.strategy.name} on ${dataset.id}, walk-forward`,
      manifest: experiment,
      folds: result.folds.map(fold => ({
        index: fold.index,
        train: fold.train,
        test: fold.test,
        params: fold.params,
        inSample: fold.inSample ?? {},
        outOfSample: fold.outOfSample ?? {},
        candidates: fold.candidates.map(candidate => ({ params: candidate.params, objective: candidate.score })),
      })),
      stitched: traded,
      forecasts,
      overfitting: { psr: psr.value, dsr: dsr.value, pbo: pbo.value, reasons: reasonsOf(result) },
      evidence,
      trials: result.trials.total,
      objective: objective.metric,
      scheme: {
        kind: isAnchored ? 'anchored' : 'rolling',
        train: extentInWords(train),
        test: extentInWords(test),
        purge: extentInWords(purge),
        embargo: extentInWords(embargo),
        search: [
          samplerText(sampler, 'fold'),
          ...(inner === undefined ? [] : [`judged by the median of ${inner} parts`]),
          ...(choose === 'plateau' ? ['the middle of a plateau chosen'] : []),
          ...(objective.also ? [`a compromise with ${objective.also.join(' and ')} chosen`] : []),
        ].join(', '),
      },
      findings: findingsOfRun(dataset.manifest.findings, config),
      fingerprint: result.fingerprint,
      command: reproduce,
      synthetic,
    },
  };
  const [files, report] = await Promise.all([
    saveTables(folder, walkForwardFiles(result), result.stitched),
    keepAndDraw(workspace, folder, kept),
    keepSearch(folder, result),
  ]);
  const outcome = outcomeOf(result, evidence, setup, report, elapsedMs);
  return search.conclude({ command: 'walkforward', reproduce, fingerprint: result.fingerprint, files }, outcome, lines);
};
