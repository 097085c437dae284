import { keepReport, type KeptReport } from './kept-report.js';
import { createHash } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { writeFileDurably } from '../durable-file.js';
import { PLATFORM } from '../engine/platform.js';
import { usageError } from '../errors.js';
import { baseFriction, chargesFees } from '../experiments/friction/friction-point.js';
import { friction } from '../experiments/friction/friction.js';
import { frictionValues, type FrictionValues } from '../experiments/friction/friction-grid.js';
import { runCapacity } from '../experiments/friction/run-capacity.js';
import { folderStore } from '../experiments/job-store.js';
import { recordTrial } from '../experiments/record-trials.js';
import { returnsOutcome } from '../experiments/run-outcome.js';
import { trialScope } from '../experiments/trial-scope.js';
import { writeTables } from '../journal/write-tables.js';
import { paysFunding } from '../market/instrument.js';
import { frictionReport, type FrictionReportInput } from '../reports/friction.js';
import { resolveParams } from '../strategies/params.js';
import { findingsOfRun, tellDataErrors } from './data-errors.js';
import { frictionDocumentOf, frictionLines, type FrictionDocument } from './friction-document.js';
import { durationAxis, isLatencyAxis, numberAxis } from './friction-axes.js';
import { frictionColumns, frictionRuns } from './friction-table.js';
import type { FrictionArguments } from './friction.js';
import { loadRun, tapesBefore } from './pretrained.js';
import { startProgress } from './progress.js';
import { registerRun } from './registry/register-run.js';
import { trialsOf } from './registry/workspace-trials.js';
import { reproducingCommand } from './reproduce.js';
import { resumedFolder } from './resumed-folder.js';
import { setUpRun, type RunSetup } from './run-setup.js';
import { engineFor } from './engine-for.js';
import { keptWork } from './kept-work.js';
import { present, say, terminal } from './terminal.js';
import { runIdOf } from './workspace.js';

const FEES = [0, 1, 2, 3, 4];
const SLIPPAGE = [0, 1, 2, 5, 10];
const LATENCY = [0, 100, 1_000, 10_000];
const FUNDING = [0, 1, 2];

const text = (value: unknown): string =>
  `${JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' && !Number.isFinite(each) ? null : each), 2)}\n`;

/** What to sweep: what was asked for, and by default each axis that the run has. Throws a usage error for an axis that would multiply nothing. */
const axesOf = (args: FrictionArguments, { config, instruments }: RunSetup): Partial<FrictionValues> => {
  const settles = config.funding.kind === 'settled' && instruments.some(paysFunding);
  const fee = args['fee-scale'];
  const funding = args['funding-scale'];
  const charges = chargesFees(config);
  if (fee !== undefined && !charges)
    throw usageError(
      'nothing-to-scale',
      'The run charges no fees, and nothing times anything is nothing.',
      'State them, e.g. --fees maker=0.0002,taker=0.0005, or leave --fee-scale out.',
    );
  if (funding !== undefined && !settles)
    throw usageError(
      'nothing-to-scale',
      'No funding is settled in this run.',
      'Leave --funding-scale out, or run a perpetual with --funding settled.',
    );
  const swept = args.latency === undefined ? LATENCY : isLatencyAxis(args.latency) ? durationAxis('latency', args.latency) : [];
  return {
    fee: fee === undefined ? (charges ? FEES : []) : numberAxis('fee-scale', fee),
    slippage: args['slippage-bps'] === undefined ? SLIPPAGE : numberAxis('slippage-bps', args['slippage-bps']),
    latency: swept,
    funding: funding === undefined ? (settles ? FUNDING : []) : numberAxis('funding-scale', funding),
  };
};

/** Sweep frictions over one strategy, keep the sweep under `reports/`, and print where the edge ends. */
export const runFriction = async (args: FrictionArguments): Promise<FrictionDocument> => {
  // A list of latencies is an axis; the run itself keeps the latency of the venue's preset or the workspace.
  const setup = await setUpRun(args.latency !== undefined && isLatencyAxis(args.latency) ? { ...args, latency: undefined } : args);
  const { workspace, settings, dataset, config, instruments, strategy } = setup;
  const params = resolveParams(strategy.strategy.params, setup.params, values => strategy.strategy.constraint?.(values) ?? true);
  const values = frictionValues(axesOf(args, setup), baseFriction(config));
  const loaded = await loadRun(setup);
  const chunks = loaded.map(({ chunk }) => chunk);
  const inputs = loaded.map(({ input }) => input);
  const { version, synthetic } = dataset.manifest;
  const manifest = {
    platform: PLATFORM,
    strategy: { name: strategy.strategy.name, bundle: strategy.hash },
    params,
    config,
    instruments,
    inputs,
    friction: { values },
  };
  const id = runIdOf(`${strategy.strategy.name} friction`, dataset.id, canonicalJson(manifest));
  // Before there is a folder, or a connection that would keep the process: this is what may be refused.
  const trials = await trialsOf(workspace);
  const { runId, folder } = await resumedFolder(workspace, id);
  const engine = await engineFor(args, settings, workspace, runId);
  const { signal } = terminal();
  const started = performance.now();
  const tapes = await tapesBefore(args, setup, chunks, engine).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  const bar = await startProgress(args, `${strategy.strategy.name}: friction`, 1, 'runs');
  let seen = { done: 0, total: 0 };
  const result = await keptWork(
    recordTrial(
      { folder: trials, runId, clock: () => Date.now() },
      {
        ...trialScope({ strategy: strategy.strategy.name, code: strategy.hash, version, config }),
        params,
        range: { from: config.from, to: config.to },
        role: 'check',
      },
      () =>
        friction({
          shared: { strategy: strategy.ref, bundle: strategy.hash, params, instruments, config, chunks, inputs, ...(tapes && { tapes }) },
          values,
          engine,
          store: folderStore(join(folder, 'jobs')),
          signal,
          onProgress: (done, total, reused) => {
            seen = { done, total };
            bar.update(done, undefined, total, reused);
          },
        }),
      ({ atBase }) => returnsOutcome(atBase.returns),
    ),
    strategy.inputs,
    () => `${seen.done} of ${seen.total} runs are done and kept.`,
  ).finally(async () => {
    bar.stop();
    await engine.close();
  });
  const capacity = runCapacity(config, chunks, result.atBase);
  const elapsedMs = performance.now() - started;
  const pointsFingerprint = createHash('sha256')
    .update(
      frictionRuns(result)
        .map(({ fingerprint }) => fingerprint)
        .join('\n'),
    )
    .digest('hex');
  const reproduce = reproducingCommand(terminal().argv, dataset.id, version);
  const input: FrictionReportInput = {
    title: `${strategy.strategy.name} on ${dataset.id}, friction`,
    manifest,
    result,
    capacity,
    findings: findingsOfRun(dataset.manifest.findings, config),
    fingerprint: result.atBase.fingerprint,
    command: reproduce,
    synthetic,
  };
  const kept: KeptReport = { version: 1, kind: 'friction', dataset: `${dataset.id}@${version}`, input };
  const report = join(folder, 'report.html');
  const [files] = await Promise.all([
    writeTables(folder, { 'friction.parquet': frictionColumns(result) }),
    writeFileDurably(report, frictionReport(input)),
    keepReport(folder, kept),
  ]);
  const outcome = frictionDocumentOf(runId, setup, result, capacity, pointsFingerprint, report, elapsedMs);
  if (strategy.stored !== null) await copyFile(strategy.stored, join(folder, 'strategy.mjs'));
  await writeFileDurably(join(folder, 'result.json'), text(outcome));
  const record = {
    ...manifest,
    runId,
    command: 'friction' as const,
    reproduce,
    dataset: { id: dataset.id, version, synthetic },
    seed: config.seed,
    fingerprint: result.atBase.fingerprint,
    pointsFingerprint,
    files,
  };
  // Last: a folder with a manifest is a whole run.
  await writeFileDurably(join(folder, 'manifest.json'), text(JSON.parse(canonicalJson(record))));
  await registerRun(args, workspace, runId);
  await rm(join(folder, 'jobs'), { recursive: true, force: true });
  tellDataErrors(input.findings);
  if (synthetic) say('Synthetic data: no evidence about any market.');
  present(args, outcome, o => frictionLines(o, result, capacity));
  return outcome;
};
