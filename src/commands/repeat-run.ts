import { datasetFeed } from '../datasets/replay.js';
import { openDataset } from '../datasets/catalogue.js';
import { failed, UserError } from '../errors.js';
import { backtest } from '../sim/backtest.js';
import { readConfig } from './config-file.js';
import { recordRerun } from './record-rerun.js';
import { recordedManifest, recordedStrategy } from './recorded-run.js';
import { repeatCrossValidation } from './repeat-cross-validation.js';
import { repeatSweep } from './repeat-sweep.js';
import { repeatWalkForward } from './repeat-walk-forward.js';
import { runKind, type RunKind } from './run-kinds.js';
import { findRun, type RunOnDisk } from './run-list.js';
import { present, terminal } from './terminal.js';
import { finerBars } from './run-depth.js';
import { workspaceAt, type Workspace } from './workspace.js';

const repeatBacktest = async (workspace: Workspace, run: RunOnDisk): Promise<string> => {
  const manifest = recordedManifest(run);
  const { params, config, instruments, inputs, strategy: named } = manifest;
  const { strategy, hash } = await recordedStrategy(run, named);
  const [first] = inputs;
  const dataset = await openDataset(workspace.root, `${first?.dataset ?? ''}@${first?.version ?? ''}`);
  const feed = await datasetFeed(dataset, {
    symbols: config.symbols,
    timeframe: config.timeframe,
    ...finerBars(config),
    kinds: ['bars'],
    optionalKinds: [...new Set(inputs.map(({ kind }) => kind))].filter(kind => kind !== 'bars'),
    to: config.to,
  });
  const { signal } = terminal();
  const spec = { strategy, params, bundle: hash, config, instruments, feed, keepFacts: false, signal };
  return (await recordRerun(workspace, run, manifest, hash, () => backtest(spec))).fingerprint;
};

/** Runs of many configurations, each with how it is repeated. */
const SEARCHES: Partial<Record<RunKind, typeof repeatWalkForward>> = {
  walkforward: repeatWalkForward,
  sweep: repeatSweep,
  crossvalidate: repeatCrossValidation,
};

/** Run a kept backtest, walk-forward or sweep again from its manifest, and fail when the fingerprint differs. */
export const repeatRun = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly progress: boolean;
  readonly run: string;
  readonly workers?: number | undefined;
}): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const run = await findRun(workspace, args.run);
  const { runId, manifest } = run;
  const recorded = String(manifest['fingerprint']);
  const search = SEARCHES[runKind(manifest) ?? 'backtest'];
  const work = search
    ? search(workspace, run, { ...args, workers: args.workers ?? (await readConfig(workspace)).workers })
    : repeatBacktest(workspace, run);
  const repeated = await work.catch((error: unknown) => {
    if (!terminal().signal.aborted) throw error;
    throw new UserError('interrupted', 'The repetition was stopped; nothing was compared.', 130);
  });
  const same = repeated === recorded;
  present(args, { runId, same, recorded, repeated }, result =>
    [`recorded ${result.recorded}`, `repeated ${result.repeated}`, result.same ? 'The same.' : 'NOT the same.'].join('\n'),
  );
  if (!same)
    throw failed(
      'fingerprint-differs',
      `Run ${runId} cannot be reproduced.`,
      'Compare the platform’s version in its manifest.json with `quantai --version`.',
    );
};
