import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunManifest, RunResult } from '../engine/run-result.js';
import { recordTrial } from '../experiments/record-trials.js';
import { runOutcome } from '../experiments/run-outcome.js';
import { trialHash } from '../experiments/trial.js';
import { trialScope } from '../experiments/trial-scope.js';
import type { TrialPlace } from '../experiments/trial-store.js';
import { trialsOf } from './registry/workspace-trials.js';
import type { RunOnDisk } from './run-list.js';
import type { Workspace } from './workspace.js';

const isOnRecord = async (folder: TrialPlace, runId: string, hash: string, strategy: string): Promise<boolean> =>
  typeof folder === 'string'
    ? (await readFile(join(folder, `${runId}.ndjson`), 'utf8').catch(() => '')).includes(hash)
    : (await folder.read(strategy)).trials.some(each => each.hash === hash);

/**
 * Run a kept backtest again as the trial that it was. It is no new one; one that an earlier release made is put on record now, and one that is on record leaves no
 * further line. `code` is the hash of what runs.
 */
export const recordRerun = async (
  workspace: Workspace,
  { runId }: RunOnDisk,
  { strategy, params, config, inputs }: RunManifest,
  code: string,
  run: () => Promise<RunResult>,
): Promise<RunResult> => {
  const trial = {
    ...trialScope({ strategy: strategy.name, code, version: inputs[0]?.version ?? '', config }),
    params,
    range: { from: config.from, to: config.to },
    role: 'run' as const,
  };
  const folder = await trialsOf(workspace);
  if (await isOnRecord(folder, runId, trialHash(trial), strategy.name)) return run();
  return recordTrial({ folder, runId, clock: () => Date.now() }, trial, run, runOutcome);
};
