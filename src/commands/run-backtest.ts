import { pathSensitivity } from '../sim/path-sensitivity.js';
import { fillQuality } from '../metrics/fill-quality.js';
import { midPrices } from './mid-prices.js';
import { registerRun } from './registry/register-run.js';
import { trialsOf } from './registry/workspace-trials.js';
import { finerBars } from './run-depth.js';
import { canonicalJson } from '../datasets/canonical-json.js';
import { datasetFeed } from '../datasets/replay.js';
import { UserError } from '../errors.js';
import { PLATFORM } from '../engine/platform.js';
import { countTrials } from '../experiments/count-trials.js';
import { recordTrial } from '../experiments/record-trials.js';
import { runOutcome } from '../experiments/run-outcome.js';
import { trialScope } from '../experiments/trial-scope.js';
import { tripReasons } from '../reports/causes/trip-reasons.js';
import { backtest } from '../sim/backtest.js';
import { resolveParams } from '../strategies/params.js';
import { findingsOfRun, tellDataErrors } from './data-errors.js';
import { formatDate } from '../time.js';
import type { BacktestArguments } from './backtest.js';
import { inlineTrainer } from '../models/trainer.js';
import { loadStrategyAnew } from '../strategies/load.js';
import { trainedBefore } from './pretrained.js';
import { compact } from './progress.js';
import { keepAndDraw, type KeptReport } from './kept-report.js';
import { money } from './figures.js';
import { finalAccount } from './final-account.js';
import { figureLines, outcomeFigures } from './outcome-figures.js';
import { startProgress } from './progress.js';
import { reproducingCommand } from './reproduce.js';
import { setUpRun } from './run-setup.js';
import { backtestFiles } from './run-tables.js';
import { saveRun, saveTables } from './save-run.js';
import { strategyError } from './strategy-error.js';
import { trialsLine } from './trials-line.js';
import { present, say, terminal } from './terminal.js';
import { claimRunFolder, runIdOf } from './workspace.js';

/** A run of less is read into memory before it begins: 200 megabytes at the most. */
const WHOLE_ROWS = 1 << 22;

const interrupted = (error: unknown): boolean => terminal().signal.aborted || (error instanceof Error && error.name === 'AbortError');

/** Run a backtest, keep it under `reports/`, and print what came of it. Returns the files that the strategy was built from. */
export const runBacktest = async (args: BacktestArguments): Promise<readonly string[]> => {
  const setup = await setUpRun(args);
  const { workspace, dataset, config, instruments, strategy: resolved } = setup;
  const { strategy } = resolved;
  const params = resolveParams(strategy.params, setup.params, values => strategy.constraint?.(values) ?? true);
  const feedOf = () =>
    datasetFeed(dataset, {
      symbols: config.symbols,
      timeframe: config.timeframe,
      ...finerBars(config),
      kinds: setup.kinds,
      optionalKinds: setup.optionalKinds,
      to: config.to,
    });
  const feed = await feedOf();
  const total = feed.inputs.filter(({ kind }) => kind === 'bars').reduce((sum, { rows }) => sum + rows, 0);
  const begun = performance.now();
  const finished = await trainedBefore(args, setup, params);
  const bar = await startProgress(args, strategy.name, total, 'bars');
  const spec = {
    strategy,
    params,
    bundle: resolved.hash,
    config,
    instruments,
    ...(finished && { trainer: inlineTrainer(finished) }),
    signal: terminal().signal,
  };
  const { version, synthetic } = dataset.manifest;
  const source = { platform: PLATFORM, strategy: { name: strategy.name, bundle: resolved.hash } };
  const id = runIdOf(strategy.name, dataset.id, canonicalJson({ ...source, params, config, instruments, inputs: feed.inputs }));
  const result = await recordTrial(
    { folder: await trialsOf(workspace), runId: id, clock: () => Date.now() },
    {
      ...trialScope({ strategy: strategy.name, code: resolved.hash, version, config }),
      params,
      range: { from: config.from, to: config.to },
      role: 'run',
    },
    () =>
      backtest({
        ...spec,
        feed,
        fresh: () => loadStrategyAnew(resolved.ref),
        wholeUpTo: WHOLE_ROWS,
        onProgress: (now, bars) => bar.update(bars, formatDate(now)),
      }),
    runOutcome,
  )
    .catch(async (error: unknown) => {
      throw interrupted(error)
        ? new UserError(
            'interrupted',
            'The backtest was stopped; no report was written, and the ledger counts it.',
            130,
            'Run the same command again.',
          )
        : await strategyError(error, resolved.inputs);
    })
    .finally(() => bar.stop());
  const elapsedMs = performance.now() - begun;

  const figures = outcomeFigures(result);
  const matching = {
    quality: fillQuality(result.fills, result.fills.length === 0 ? null : await midPrices(dataset, config, instruments)),
    sensitivity:
      args['path-check'] && result.fills.length > 0
        ? await pathSensitivity({ ...spec, feed: feedOf }, result).catch((error: unknown) => {
            // The run itself is done: what the other paths would have earned is left out rather than lose it.
            if (interrupted(error)) return null;
            throw error;
          })
        : null,
  };
  const { runId, folder } = await claimRunFolder(workspace, id);
  const record = {
    ...result.manifest,
    runId,
    command: 'backtest' as const,
    reproduce: reproducingCommand(terminal().argv, dataset.id, version),
    dataset: { id: dataset.id, version, synthetic },
    seed: config.seed,
    fingerprint: result.fingerprint,
  };
  const kept: KeptReport = {
    version: 1,
    kind: 'backtest',
    dataset: `${dataset.id}@${version}`,
    input: {
      title: `${strategy.name} on ${dataset.id}`,
      // The facts are the journal's; a report does not read them.
      result: { ...result, facts: [], states: [], forecasts: null },
      forecasts: result.forecasts,
      matching,
      reasons: tripReasons(result),
      findings: findingsOfRun(dataset.manifest.findings, config),
      command: record.reproduce,
      synthetic,
    },
  };
  // The engine writes tables on its own thread while the page is made on this one.
  const [files, report] = await Promise.all([saveTables(folder, backtestFiles(result), result), keepAndDraw(workspace, folder, kept)]);
  const trials = await countTrials(await trialsOf(workspace), { strategy: strategy.name });
  const outcome = {
    runId,
    strategy: strategy.name,
    dataset: dataset.id,
    params,
    fingerprint: result.fingerprint,
    bars: result.bars,
    ...figures,
    finalEquity: result.finalEquity,
    account: finalAccount(config.capital, instruments, result),
    refusals: result.refusals,
    halted: result.halted,
    trialsEver: trials.distinct,
    effectiveTrials: trials.effective,
    trialsOnData: trials.onSameData,
    synthetic,
    report,
    elapsedMs,
    eventsPerSecond: result.events / Math.max(elapsedMs / 1000, 1e-9),
  };
  await saveRun(folder, { ...record, files }, outcome, resolved.stored);
  await registerRun(args, workspace, runId);
  tellDataErrors(kept.input.findings);
  if (synthetic) say('Synthetic data: no evidence about any market.');
  present(args, outcome, o =>
    [
      `${o.strategy} ${JSON.stringify(o.params)} on ${o.dataset}, ${formatDate(config.from)} to ${formatDate(config.to)}`,
      ...figureLines(o),
      `Final equity ${money(o.finalEquity)} from ${money(config.capital)}; ${o.bars > 0 ? `${compact(o.bars)}bars` : `${compact(result.events)}facts`} in ${(o.elapsedMs / 1000).toFixed(2)} s`,
      ...Object.entries(o.refusals).map(([code, count]) => `Refused: ${code} × ${count}`),
      ...(o.halted ? [`Halted: ${o.halted.text}`] : []),
      trialsLine(trials),
      `Fingerprint ${o.fingerprint}`,
      `Run ${o.runId}`,
      `Report ${o.report}`,
    ].join('\n'),
  );
  return resolved.inputs;
};
