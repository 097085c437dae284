import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { localEngine } from '../cluster/local-engine.js';
import { canonicalJson } from '../datasets/canonical-json.js';
import { PLATFORM } from '../engine/platform.js';
import { UserError } from '../errors.js';
import { sweep, type BestSoFar, type SweepProgress } from '../experiments/sweep.js';
import { writeTables } from '../journal/write-tables.js';
import { metricText } from '../reports/metric-text.js';
import { recommended, reportedSweep } from '../reports/swept.js';
import { findingsOfRun, tellDataErrors } from './data-errors.js';
import { drawReport, keepReport, type KeptReport } from './kept-report.js';
import { loadRun, tapesBefore } from './pretrained.js';
import { startProgress } from './progress.js';
import { reproducingCommand } from './reproduce.js';
import { resumedFolder } from './resumed-folder.js';
import { setUpRun } from './run-setup.js';
import { sweepFiles } from './run-tables.js';
import { saveRun } from './save-run.js';
import { objectiveFrom, samplerFrom, samplerText } from './search-options.js';
import { strategyError } from './strategy-error.js';
import { paramsLine, sweepDocumentOf, sweepLines, type SweepDocument } from './sweep-document.js';
import type { SweepArguments } from './sweep.js';
import { present, say, terminal } from './terminal.js';
import { runIdOf } from './workspace.js';

/** The same search, walked forward: what to do with the result of a sweep. */
const walkingCommand = (reproduce: string): string => reproduce.replace(/ sweep(?= |$)/, ' walkforward');

/** Search over the whole window, keep the sweep under `reports/` and every trial in the ledger, and print what was found and how much of it is luck. */
export const runSweep = async (args: SweepArguments): Promise<SweepDocument> => {
  const setup = await setUpRun(args);
  const { workspace, settings, dataset, config, instruments, strategy, params } = setup;
  const searched = Object.entries(strategy.strategy.params).flatMap(([name, { search }]) =>
    search && params[name] === undefined ? [name] : [],
  );
  const own = settings.walkforward;
  const sampler = samplerFrom(args, own, searched.length);
  const objective = objectiveFrom(args, own);
  const loaded = await loadRun(setup);
  const chunks = loaded.map(({ chunk }) => chunk);
  const { version, synthetic } = dataset.manifest;
  const experiment = {
    platform: PLATFORM,
    strategy: { name: strategy.strategy.name, bundle: strategy.hash },
    fixed: params,
    config,
    instruments,
    inputs: loaded.map(({ input }) => input),
    sampler,
    objective,
  };
  const { runId, folder, resumed } = await resumedFolder(
    workspace,
    runIdOf(`${strategy.strategy.name} sweep`, dataset.id, canonicalJson(experiment)),
  );

  const workers = args.workers ?? settings.workers;
  const engine = localEngine(workers);
  const { signal } = terminal();
  const begun = performance.now();
  const tapes = await tapesBefore(args, setup, chunks, engine);
  const bar = await startProgress(args, `${strategy.strategy.name}: sweep`, 1, 'runs');
  const bestText = (best: BestSoFar): string => `best ${metricText(objective.metric, best.value)} ${paramsLine(best.params, searched)}`;
  let seen: SweepProgress = { done: 0, total: 0, reused: 0, best: null };
  const result = await sweep({
    runId,
    strategy,
    fixed: params,
    config,
    instruments,
    data: { version, chunks },
    ...(tapes && { tapes }),
    sampler,
    objective,
    engine,
    folder,
    ledger: { folder: workspace.ledger, clock: () => Date.now() },
    signal,
    onProgress: progress => {
      seen = progress;
      bar.update(progress.done, progress.best ? bestText(progress.best) : undefined, progress.total, progress.reused);
    },
  })
    .catch(async (error: unknown) => {
      if (!signal.aborted) {
        // Nothing was begun: no folder is left behind that looks like an interrupted sweep.
        if (seen.done === 0 && !resumed) await rm(folder, { recursive: true, force: true });
        throw await strategyError(error, strategy.inputs);
      }
      throw new UserError(
        'interrupted',
        `${seen.done} of ${seen.total} configurations are done and kept.${seen.best ? ` The ${bestText(seen.best)}.` : ''}`,
        130,
        'Run the same command again: it goes on from there.',
      );
    })
    .finally(async () => {
      bar.stop();
      await engine.close();
    });
  const elapsedMs = performance.now() - begun;
  const reproduce = reproducingCommand(terminal().argv, dataset.id, version);
  const next = walkingCommand(reproduce);
  const kept: KeptReport = {
    version: 1,
    kind: 'sweep',
    dataset: `${dataset.id}@${version}`,
    input: {
      title: `${strategy.strategy.name} on ${dataset.id}, sweep`,
      manifest: experiment,
      sweep: reportedSweep(result),
      search: samplerText(sampler, 'sweep'),
      findings: findingsOfRun(dataset.manifest.findings, config),
      fingerprint: result.fingerprint,
      command: reproduce,
      next,
      synthetic,
    },
  };
  const draw = async (): Promise<string> => {
    await keepReport(folder, kept);
    return drawReport(workspace, folder, kept);
  };
  const [files, report] = await Promise.all([writeTables(folder, sweepFiles(result)), draw()]);
  const outcome = sweepDocumentOf(result, setup, { sampler, next, report, elapsedMs });
  const choice = recommended(result);
  const record = {
    ...experiment,
    runId,
    command: 'sweep' as const,
    reproduce,
    dataset: { id: dataset.id, version, synthetic },
    seed: config.seed,
    fingerprint: result.fingerprint,
    /** The configuration to go on with; null when none was eligible. */
    recommended: choice ? result.configurations[choice.index]!.params : null,
    files,
  };
  await saveRun(folder, record, outcome, strategy.stored);
  // Everything in them is in the result now.
  await rm(join(folder, 'jobs'), { recursive: true, force: true });
  tellDataErrors(kept.input.findings);
  if (synthetic) say('Synthetic data: no evidence about any market.');
  present(args, outcome, o => sweepLines(o, result));
  return outcome;
};
