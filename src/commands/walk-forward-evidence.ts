import type { JobEngine } from '../cluster/job-engine.js';
import { assembleEvidence } from '../experiments/evidence/assemble-evidence.js';
import type { EvidenceRecord } from '../experiments/evidence/evidence-record.js';
import { seenBefore } from '../experiments/evidence/seen-before.js';
import { trialsOnRecord } from '../experiments/evidence/trials-on-record.js';
import { widerSpread } from '../experiments/overfitting/dsr.js';
import type { ForecastTapes } from '../experiments/forecasting.js';
import { trialScope } from '../experiments/trial-scope.js';
import type { WalkForwardResult } from '../experiments/walk-forward.js';
import type { Chunk } from '../events/market.js';
import { findingsOfRun } from './data-errors.js';
import { evidenceChecks } from './evidence-checks.js';
import { marketCloses } from './market-closes.js';
import { startProgress } from './progress.js';
import { trialsOf } from './registry/workspace-trials.js';
import type { RunSetup } from './run-setup.js';
import { terminal } from './terminal.js';

/** How far a walk-forward that has just been made can be believed, by checks that cost no more than some ten runs of it: the top of its report. `quantai evidence` makes all of them. */
export const walkForwardEvidence = async (
  args: { readonly progress: boolean },
  { workspace, settings, dataset, config, instruments, strategy }: RunSetup,
  result: WalkForwardResult,
  chunks: readonly Chunk[],
  tapes: ForecastTapes | undefined,
  engine: JobEngine,
  searched: boolean,
): Promise<EvidenceRecord> => {
  const { name } = strategy.strategy;
  const { version, synthetic, findings } = dataset.manifest;
  const scope = trialScope({ strategy: name, code: strategy.hash, version, config });
  const bar = await startProgress(args, `${name}: checks`, 1, 'runs');
  const { checks, untested } = await evidenceChecks({
    subject: {
      strategy: strategy.strategy,
      shared: { strategy: strategy.ref, bundle: strategy.hash, instruments, config, chunks, ...(tapes && { tapes }) },
      steps: result.folds.map(({ params, test }) => ({ params, window: test })),
      seed: config.seed,
    },
    fills: result.stitched.fills,
    thresholds: settings.evidence,
    engine,
    scope,
    ledger: { folder: await trialsOf(workspace), runId: `${result.runId}.evidence`, clock: () => Date.now() },
    quick: true,
    retrain: false,
    onProgress: (what, { done, total, reused }) => bar.update(done, what, Math.max(1, total), reused),
    signal: terminal().signal,
  }).finally(() => bar.stop());
  const onRecord = await trialsOnRecord(
    await trialsOf(workspace),
    name,
    result.trials.run,
    result.folds.reduce((sum, { test }) => sum + test.to - test.from, 0),
  );
  return assembleEvidence({
    run: {
      runId: result.runId,
      kind: 'walkforward',
      strategy: name,
      code: strategy.hash,
      dataset: dataset.id,
      fingerprint: result.fingerprint,
      synthetic,
      outOfSample: !(await seenBefore(await trialsOf(workspace), { ...scope, runId: result.runId, searched, folds: result.folds })),
    },
    outcome: result.stitched,
    closes: marketCloses(chunks, config.timeframe),
    findings: findingsOfRun(findings, config),
    trials: { ...onRecord, sharpes: widerSpread(result.trials.sharpes, onRecord.sharpes) },
    search: result.search,
    foldPbo: result.overfitting.pbo,
    checks,
    untested,
    thresholds: settings.evidence,
    seed: config.seed,
  });
};
