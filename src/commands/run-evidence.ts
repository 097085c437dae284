import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobEngine } from '../cluster/job-engine.js';
import { writeFileDurably } from '../durable-file.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import { UserError, usageError } from '../errors.js';
import { assembleEvidence } from '../experiments/evidence/assemble-evidence.js';
import { seenBefore } from '../experiments/evidence/seen-before.js';
import { trialsOnRecord } from '../experiments/evidence/trials-on-record.js';
import { widerSpread } from '../experiments/overfitting/dsr.js';
import type { EvaluationShared } from '../experiments/evaluation.js';
import { forecastTape, type ForecastTapes } from '../experiments/forecasting.js';
import { folderStore } from '../experiments/job-store.js';
import { pretrain } from '../experiments/pretrain.js';
import { recordTrial } from '../experiments/record-trials.js';
import { runOutcome } from '../experiments/run-outcome.js';
import { runWindow } from '../experiments/run-window.js';
import { trialScope } from '../experiments/trial-scope.js';
import { recipeHash } from '../models/recipe.js';
import { evidencePage } from '../reports/evidence-page.js';
import { resolveParams } from '../strategies/params.js';
import { readConfig } from './config-file.js';
import { engineFor } from './engine-for.js';
import { checksNamed, evidenceChecks } from './evidence-checks.js';
import { evidenceDocumentOf, evidenceLines, type EvidenceDocument } from './evidence-document.js';
import { evidenceSubject, type EvidenceSubject } from './evidence-subject.js';
import type { EvidenceArguments } from './evidence.js';
import { marketCloses } from './market-closes.js';
import { startProgress } from './progress.js';
import { loadInputs, recordedStrategy } from './recorded-run.js';
import { trialsOf } from './registry/workspace-trials.js';
import { findRun, runManifests, type RunOnDisk } from './run-list.js';
import { present, say, terminal } from './terminal.js';
import { trainingCache } from './training-cache.js';
import { workspaceAt, type Workspace } from './workspace.js';

const KINDS: readonly unknown[] = ['backtest', 'walkforward', 'sweep'];

const runNamed = async (workspace: Workspace, wanted: string): Promise<RunOnDisk> => {
  if (wanted !== 'latest') return findRun(workspace, wanted);
  const run = (await runManifests(workspace)).find(({ manifest }) => KINDS.includes(manifest['command']));
  if (run === undefined)
    throw usageError('no-runs', `There is no run in ${workspace.reports}.`, 'Make one: quantai backtest sma-cross --dataset sample');
  return run;
};

/** What the models of a strategy forecast over the history; trainings of the run itself are found in the workspace. */
const tapesOf = async (
  args: EvidenceArguments,
  workspace: Workspace,
  strategy: Awaited<ReturnType<typeof recordedStrategy>>,
  subject: EvidenceSubject,
  chunks: EvaluationShared['chunks'],
  engine: JobEngine,
): Promise<ForecastTapes | undefined> => {
  if (strategy.strategy.forecasts === undefined) return undefined;
  const { config } = subject;
  const params = resolveParams(strategy.strategy.params, subject.params);
  const recipe = forecastRecipe(strategy.strategy, params, config, strategy.hash);
  if (recipe === null) return undefined;
  const bar = await startProgress(args, `${strategy.strategy.name}: training`, 1, 'models');
  try {
    const finished = await pretrain(
      recipe,
      { strategy: strategy.ref, bundle: strategy.hash, params, config, chunks },
      {
        engine,
        cache: trainingCache(workspace.trainings),
        signal: terminal().signal,
        onProgress: (done, total, reused) => bar.update(done, undefined, Math.max(1, total), reused),
      },
    );
    return { [recipeHash(recipe)]: await forecastTape(recipe, config, chunks, finished) };
  } finally {
    bar.stop();
  }
};

/** Put a kept run through everything that is known about fooling oneself, write its page of evidence, and print the verdict. */
export const runEvidence = async (args: EvidenceArguments): Promise<EvidenceDocument> => {
  const only = checksNamed(args.only);
  const workspace = workspaceAt(args.workspace);
  const run = await runNamed(workspace, args.run);
  const { runId, folder, manifest } = run;
  const subject = await evidenceSubject(run);
  const settings = await readConfig(workspace);
  const { config, instruments, inputs } = subject;
  const strategy = await recordedStrategy(run, subject.strategy);
  // Shared, so that workers read the columns without a copy.
  const chunks = (await loadInputs(workspace, inputs, { shared: true })).map(({ chunk }) => chunk);
  const [first] = inputs;
  const scope = trialScope({ strategy: strategy.strategy.name, code: strategy.hash, version: first?.version ?? '', config });
  const ledger = { folder: await trialsOf(workspace), runId: `${runId}.evidence`, clock: () => Date.now() };
  const jobs = join(folder, 'evidence-jobs');
  await mkdir(jobs, { recursive: true });
  const engine = await engineFor(args, settings, workspace, `${runId} evidence`);
  const { signal } = terminal();
  const begun = performance.now();
  try {
    const tapes = await tapesOf(args, workspace, strategy, subject, chunks, engine);
    const shared: EvaluationShared = {
      strategy: strategy.ref,
      bundle: strategy.hash,
      instruments,
      config,
      chunks,
      ...(tapes && { tapes }),
    };
    const [step] = subject.steps;
    const params = step?.params ?? null;
    const { outcome } = subject;
    const traded =
      outcome ??
      (step === undefined || params === null
        ? null
        : await recordTrial(
            ledger,
            { ...scope, params, range: step.window, role: 'check' },
            () => runWindow(shared, { params, window: step.window, capital: config.capital }, signal),
            runOutcome,
          ));
    if (traded === null)
      throw usageError('nothing-chosen', `Run ${runId} found no configuration to judge.`, 'Sweep a wider range, or lower --min-trades.');
    const bar = await startProgress(args, `${strategy.strategy.name}: checks`, 1, 'runs');
    const { checks, untested } = await evidenceChecks({
      subject: { strategy: strategy.strategy, shared, steps: subject.steps, seed: config.seed },
      fills: traded.fills,
      thresholds: settings.evidence,
      engine,
      scope,
      ledger,
      store: folderStore(jobs),
      quick: args.quick,
      retrain: args.retrain,
      ...(only && { only }),
      onProgress: (what, { done, total, reused }) => bar.update(done, what, Math.max(1, total), reused),
      signal,
    }).finally(() => bar.stop());
    // Counted after the checks: whoever has seen the neighbours of a choice has tried them.
    const onRecord = await trialsOnRecord(
      await trialsOf(workspace),
      strategy.strategy.name,
      subject.trials,
      subject.steps.reduce((sum, { window }) => sum + window.to - window.from, 0),
    );
    const dataset = typeof first?.dataset === 'string' ? first.dataset : '';
    const record = assembleEvidence({
      run: {
        runId,
        kind: subject.kind,
        strategy: strategy.strategy.name,
        code: strategy.hash,
        dataset,
        fingerprint: subject.fingerprint,
        synthetic: subject.synthetic,
        outOfSample:
          subject.outOfSample && !(subject.walk && (await seenBefore(await trialsOf(workspace), { ...scope, runId, ...subject.walk }))),
      },
      outcome: traded,
      closes: marketCloses(chunks, config.timeframe),
      findings: subject.findings,
      trials: { ...onRecord, sharpes: widerSpread(subject.sharpes ?? [], onRecord.sharpes) },
      search: subject.search,
      noSearch: subject.noSearch,
      ...(subject.foldPbo && { foldPbo: subject.foldPbo }),
      checks,
      untested,
      thresholds: settings.evidence,
      seed: config.seed,
    });
    const files = { page: join(folder, 'evidence.html'), json: join(folder, 'evidence.json') };
    const document = evidenceDocumentOf(record, files, performance.now() - begun);
    const options = [args.quick ? '--quick' : '', args.retrain ? '--retrain' : '', args.only === undefined ? '' : `--only ${args.only}`];
    await writeFileDurably(
      files.page,
      evidencePage({
        record,
        manifest: { platform: subject.platform, config, inputs },
        findings: subject.findings,
        command: ['quantai evidence', runId, ...options].filter(word => word !== '').join(' '),
        reproduce: String(manifest['reproduce']),
      }),
    );
    await writeFileDurably(
      files.json,
      `${JSON.stringify(document, (_, each: unknown) => (typeof each === 'number' && !Number.isFinite(each) ? null : each), 2)}\n`,
    );
    await rm(jobs, { recursive: true, force: true });
    if (subject.synthetic) say('Synthetic data: no evidence about any market.');
    present(args, document, evidenceLines);
    return document;
  } catch (error) {
    throw signal.aborted && !(error instanceof UserError)
      ? new UserError('interrupted', 'The checks that are done are kept.', 130, 'Run the same command again: it goes on from there.')
      : error;
  } finally {
    await engine.close();
  }
};
